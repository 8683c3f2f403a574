# Usage: sh test/run.sh
. ./src/slug.sh
failed=0
expect() {
  got=$(slug "$1")
  if [ "$got" = "$2" ]; then
    echo "ok      $1"
  else
    echo "not ok  $1: $got, not $2"
    failed=1
  fi
}
expect 'hello' 'hello'
expect 'Hello, World!' 'hello-world'
expect '  A  b  C  ' 'a-b-c'
exit $failed
