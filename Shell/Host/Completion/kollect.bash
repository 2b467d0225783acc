# Completion of kollect in bash, for this session:
#   source <(kollect completion bash)
_kollect() {
    local line=${COMP_LINE:${#COMP_WORDS[0]}} word=${COMP_WORDS[COMP_CWORD]} candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        [[ $candidate == "$word"* ]] && COMPREPLY+=("$candidate")
    done < <("${COMP_WORDS[0]}" "[suggest:$((COMP_POINT - ${#COMP_WORDS[0]}))]" "$line" 2>/dev/null)
}
complete -o default -F _kollect kollect
