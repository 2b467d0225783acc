# Completion of kollect in fish, for this session:
#   kollect completion fish | source
function __kollect_complete
    set -l line (string replace --regex '^\s*\S+' '' -- (commandline --current-process --cut-at-cursor))
    kollect "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end
complete --command kollect --arguments '(__kollect_complete)'
