#compdef kollect
# Completion of kollect in zsh, for this session:
#   source <(kollect completion zsh)
_kollect() {
    local line=" ${(j: :)words[2,CURRENT]}"
    local -a candidates
    candidates=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
    candidates=("${(@)candidates:#}")
    if (( ${#candidates} )); then
        compadd -a candidates
    else
        _files
    fi
}
if [[ ${funcstack[1]} == _kollect ]]; then
    _kollect "$@"
else
    compdef _kollect kollect
fi
