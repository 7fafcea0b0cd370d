"""threading, queue, concurrent.futures: locks, conditions, events, timeouts, many short-lived threads."""
import concurrent.futures, queue, threading, time

total, lock = 0, threading.Lock()


def add(count):
    global total
    for _ in range(count):
        with lock:
            total += 1


threads = [threading.Thread(target=add, args=(2000,)) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total)

tasks, results = queue.Queue(maxsize=4), queue.Queue()


def work():
    while (task := tasks.get()) is not None:
        results.put(task * task)


workers = [threading.Thread(target=work) for _ in range(3)]
for worker in workers:
    worker.start()
for number in range(300):
    tasks.put(number)
for _ in workers:
    tasks.put(None)
for worker in workers:
    worker.join()
print(sum(results.get() for _ in range(300)), results.empty())

condition, turn, order = threading.Condition(), 0, []


def take_turns(me):
    global turn
    for _ in range(20):
        with condition:
            condition.wait_for(lambda: turn % 3 == me)
            order.append(me)
            turn += 1
            condition.notify_all()


players = [threading.Thread(target=take_turns, args=(i,)) for i in range(3)]
for player in players:
    player.start()
for player in players:
    player.join()
print("".join(map(str, order)))

event, barrier, seen = threading.Event(), threading.Barrier(4), []
print(event.wait(0.05), lock.acquire(timeout=0.05), lock.acquire(timeout=0.05))
lock.release()
timer = threading.Timer(0.05, event.set)
timer.start()
print(event.wait(30), timer.join())
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print(sorted(pool.map(lambda _: barrier.wait(), range(4))), list(pool.map(pow, range(10), [3] * 10)))
    slow = pool.submit(time.sleep, 0.2)
    try:
        slow.result(timeout=0.01)
    except concurrent.futures.TimeoutError:
        print("too slow")
local = threading.local()
local.value = "main"
for _ in range(200):
    thread = threading.Thread(target=lambda: seen.append(hasattr(local, "value")))
    thread.start()
    thread.join()
print(seen.count(False), local.value, threading.active_count())
