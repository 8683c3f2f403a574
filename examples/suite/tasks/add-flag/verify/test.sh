set -eu
[ "$(./greet.sh Ada)" = "Hello, Ada." ]
[ "$(./greet.sh --loud Ada)" = "HELLO, ADA." ]
