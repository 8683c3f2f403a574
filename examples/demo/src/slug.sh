# slug TEXT: the text as a part of a URL, lower-case words with dashes between them
slug() {
  printf '%s\n' "$1" | tr -cs 'A-Za-z0-9\n' '-' | sed 's/^-//; s/-$//'
}
