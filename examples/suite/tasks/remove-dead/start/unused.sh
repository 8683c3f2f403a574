shout() { echo HELLO; }
