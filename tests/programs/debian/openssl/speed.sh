# The tight loops that openssl measures itself by, ended by a signal. What it counted is no one's business, as long as it counted.
set -e
measure() { # measure NAME ARGUMENTS...
    local name=$1
    shift
    openssl speed -mr -seconds 1 "$@" >figures 2>messages || cat messages
    awk -F : -v name="$name" '/^[+]F/ { all = 1; for (i = 4; i <= NF; ++i) all = all && $i > 0 } END { print name, all ? "done" : "nothing" }' figures
}
measure sha256 -bytes 1024 -evp sha256
measure aes-128-gcm -bytes 1024 -evp aes-128-gcm
measure ed25519 ed25519
