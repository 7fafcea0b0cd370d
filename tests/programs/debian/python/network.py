"""asyncio, socket, selectors, ssl-free http: loopback, unix sockets, descriptors passed along, epoll, timeouts."""
import array, asyncio, http.server, os, select, socket, threading, urllib.request

server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
peer, address = server.accept()
peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(address[0], peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), client.family.name)
blob = bytes(range(256)) * 4000
sender = threading.Thread(target=client.sendall, args=(blob,))
sender.start()
received = bytearray()
while len(received) < len(blob):
    received += peer.recv(65536)
sender.join()
print(received == blob)
client.shutdown(socket.SHUT_WR)
print(peer.recv(1))
peer.settimeout(0.05)
client2 = socket.create_connection(server.getsockname())
peer2 = server.accept()[0]
peer2.settimeout(0.05)
try:
    peer2.recv(1)
except socket.timeout as error:
    print("timed out", error)

left, right = socket.socketpair()
reading, writing = os.pipe()
left.sendmsg([b"take ", b"this"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [reading]))])
message, ancillary, flags, _ = right.recvmsg(100, socket.CMSG_LEN(64))
passed = array.array("i")
passed.frombytes(ancillary[0][2][:4])
os.write(writing, b"through the pipe")
print(message, flags & socket.MSG_CTRUNC, os.read(passed[0], 100))

poll = select.epoll()
poll.register(right, select.EPOLLIN | select.EPOLLET)
print(poll.poll(0.01))
left.send(b"x")
print(poll.poll(5) == [(right.fileno(), select.EPOLLIN)])
print(select.select([right], [right], [], 1) == ([right], [right], []))
datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagram.bind(("127.0.0.1", 0))
datagram.sendto(b"to myself", datagram.getsockname())
print(datagram.recvfrom(100)[0])
unix = socket.socket(socket.AF_UNIX)
unix.bind("\0lyrebird-test-%d" % os.getpid())
unix.listen()
print(unix.getsockname()[:15])
try:
    socket.create_connection(("127.0.0.1", 1), 5)
except OSError as error:
    print(error)


async def conversation():
    async def answer(reader, writer):
        while line := await reader.readline():
            writer.write(line.upper())
            await writer.drain()
        writer.close()

    async def ask(port, name):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answers = []
        for i in range(20):
            writer.write(f"{name} {i}\n".encode())
            answers.append(await reader.readline())
        writer.close()
        return answers[-1]

    listener = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    print(await asyncio.gather(*(ask(port, f"client {i}") for i in range(6))))
    listener.close()
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec("sort", "-r", stdin=pipe, stdout=pipe)
    print((await process.communicate(b"a\nc\nb\n"))[0], process.returncode)
    try:
        await asyncio.wait_for(asyncio.sleep(30), 0.05)
    except asyncio.TimeoutError:
        print("asyncio timed out")
    tasks = [asyncio.create_task(asyncio.sleep(0.001 * (i % 5), i)) for i in range(200)]
    print(sum(await asyncio.gather(*tasks)), await asyncio.get_running_loop().run_in_executor(None, sum, range(100)))


asyncio.run(conversation())


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode() * 3)

    def log_message(self, *arguments):
        pass


web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=web.serve_forever, daemon=True).start()
print(urllib.request.urlopen("http://127.0.0.1:%d/path" % web.server_port, timeout=60).read())
web.shutdown()
