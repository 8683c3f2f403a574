set -eu
[ "$(./sum.sh 1 2 3)" = 6 ]
[ "$(./sum.sh)" = 0 ]
[ "$(./sum.sh -5 5)" = 0 ]
