# A master process with workers that share a listening socket: epoll, sendfile, gzip, a proxy, a change of configuration, a graceful end.
set -e
mkdir -p www logs temp
seq 1 50000 >www/large.txt
echo small >www/small.txt
user=; ((EUID != 0)) || user='user root root;'
configuration() {
    cat <<CONF
daemon on; pid $PWD/pid; error_log $PWD/logs/error.log; worker_processes 2; $user
events { worker_connections 64; }
http {
    access_log $PWD/logs/access.log; sendfile on; gzip on; gzip_types text/plain; gzip_min_length 100;
    types { text/plain txt; }
    client_body_temp_path temp/a; proxy_temp_path temp/b; fastcgi_temp_path temp/c; uwsgi_temp_path temp/d; scgi_temp_path temp/e;
    server {
        listen unix:$PWD/socket; root $PWD/www;
        location /proxied/ { proxy_pass http://unix:$PWD/back:/; }
        location = /words { return 200 "$1\n"; }
    }
    server { listen unix:$PWD/back; location / { return 201 "behind \$request_uri\n"; } }
}
CONF
}
configuration first >conf
nginx -p "$PWD" -c conf -t 2>&1 | sed "s,$PWD,,; s/^.*nginx: //"
nginx -p "$PWD" -c conf
trap '[[ ! -e pid ]] || kill $(<pid)' EXIT
fetch() { # fetch PATH [HEADER]
    python3 - "$@" <<'PYTHON'
import http.client, socket, sys, zlib
connection = http.client.HTTPConnection('localhost')
connection.sock = socket.socket(socket.AF_UNIX)
connection.sock.connect('socket')
connection.request('GET', sys.argv[1], headers=dict(h.split(': ') for h in sys.argv[2:]))
answer = connection.getresponse()
body = answer.read()
encoding = answer.headers.get('Content-Encoding')
if encoding == 'gzip': body = zlib.decompress(body, 31)
print(answer.status, encoding, len(body), zlib.crc32(body))
PYTHON
}
fetch /small.txt
fetch /large.txt
fetch /large.txt 'Accept-Encoding: gzip'
fetch /large.txt 'Range: bytes=1000-2999'
fetch /none | cut -c 1-3
fetch /proxied/path
fetch /words
python3 - <<'PYTHON'
import http.client, socket, threading, zlib
sums = []
def work():
    connection = http.client.HTTPConnection('localhost')
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect('socket')
    for i in range(50):
        connection.request('GET', '/large.txt' if i % 5 == 0 else '/small.txt')
        sums.append(zlib.crc32(connection.getresponse().read()))
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(sums), sorted((s, sums.count(s)) for s in set(sums)))
PYTHON
configuration second >conf
nginx -p "$PWD" -c conf -s reload 2>>notices
until [[ $(fetch /words) == *' 7 '* ]]; do sleep 0.1; done
fetch /words
nginx -p "$PWD" -c conf -s quit 2>>notices
while [[ -e pid ]]; do sleep 0.1; done
wc -l <logs/access.log | awk '{ print ($1 > 400) }'
grep -c '\[\(crit\|alert\|emerg\)\]' logs/error.log || true
