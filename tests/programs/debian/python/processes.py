"""subprocess, multiprocessing, os: fork, exec, pipes, shared memory, semaphores, signals, exit statuses."""
import multiprocessing, os, resource, signal, subprocess, sys, time
from multiprocessing import shared_memory


def square(number):
    return number * number


def fill(name, start):
    block = shared_memory.SharedMemory(name)
    for i in range(start, 1000, 2):
        block.buf[i] = i % 251
    block.close()


def count(value, gate):
    gate.wait()
    for _ in range(500):
        with value.get_lock():
            value.value += 1


def main():
    print(subprocess.run(["sh", "-c", "echo out; echo err >&2; exit 3"], capture_output=True))
    print(subprocess.check_output("tr a-z A-Z | rev", shell=True, input=b"some text\n"))
    sleeper = subprocess.Popen(["sleep", "30"])
    try:
        sleeper.wait(0.1)
    except subprocess.TimeoutExpired:
        sleeper.terminate()
        print("ended by", signal.Signals(-sleeper.wait()).name)
    first = subprocess.Popen(["seq", "1000"], stdout=subprocess.PIPE)
    second = subprocess.Popen(["tail", "-n", "2"], stdin=first.stdout, stdout=subprocess.PIPE, text=True)
    first.stdout.close()
    print(second.communicate()[0].split(), first.wait())
    command = [sys.executable, "-c", "import sys, os; print(sys.argv[1:], os.environ['X'], os.getcwd())", "a b", "ü"]
    print(subprocess.run(command, env={**os.environ, "X": "y"}, cwd="/", capture_output=True, text=True).stdout)
    try:
        subprocess.run(["/no/such/program"])
    except FileNotFoundError as error:
        print(error)

    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.kill(os.getpid(), signal.SIGABRT)
    status = os.waitpid(child, 0)[1]
    print(os.WIFSIGNALED(status), os.WTERMSIG(status))
    pids = []
    for i in range(30):
        child = os.fork()
        if child == 0:
            os._exit(i)
        pids.append(child)
    print(sum(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids))

    received = []
    signal.signal(signal.SIGALRM, lambda number, frame: received.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    while len(received) < 5:
        signal.pause()
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(len(received) >= 5)
    print(os.posix_spawnp("true", ["true"], os.environ) > 0, os.wait()[1])

    with multiprocessing.get_context("fork").Pool(3) as pool:
        print(sum(pool.map(square, range(200))), pool.apply_async(square, (12,)).get(60))
    block = shared_memory.SharedMemory(create=True, size=1000)
    fillers = [multiprocessing.get_context("fork").Process(target=fill, args=(block.name, i)) for i in range(2)]
    for filler in fillers:
        filler.start()
    for filler in fillers:
        filler.join()
    print(sum(block.buf[:1000]), [filler.exitcode for filler in fillers])
    block.close()
    block.unlink()
    context = multiprocessing.get_context("spawn")
    value, gate = context.Value("i", 0), context.Event()
    counters = [context.Process(target=count, args=(value, gate)) for _ in range(2)]
    for counter in counters:
        counter.start()
    gate.set()
    for counter in counters:
        counter.join()
    print(value.value)


if __name__ == "__main__":
    main()
