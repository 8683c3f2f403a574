fetch_data() { cat "$1"; }
