# For the other scripts, which source it with their own words: --help prints the comment at a
# script's head, and an option that no script knows is not taken for leave to begin.

for word in "$@"; do
  if [[ $word == -h || $word == --help ]]; then
    sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"
    exit
  fi
done

# For a script that takes no words.
takes_nothing() {
  (($# == 0)) || { echo "${0##*/}: does not know \`$1\`; --help says what it does" >&2; exit 2; }
}
