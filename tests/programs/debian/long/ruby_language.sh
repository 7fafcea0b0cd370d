# Ruby: the collector, fibers that switch stacks, threads, processes, big numbers, the standard library.
set -e
cat >program.rb <<'RUBY'
require 'digest'
require 'json'
require 'set'
require 'socket'
require 'zlib'
require 'erb'
require 'tempfile'
def fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)
puts fib(22), 2**200, (1..60).reduce(:*), 10.pow(50, 97), Rational(3, 7) + 1.5r, Complex(1, 2)**3, Math.sqrt(2), 0.1 + 0.2
words = (1..3000).map { |i| ((i * 7919) % 10007).to_s(36) }
puts Digest::SHA256.hexdigest(words.sort_by { |w| [w.size, w] }.join(' ')), words.group_by(&:size).transform_values(&:count)
puts words.join(' ').scan(/(?<a>[a-f]+)(?<b>\d+)(?=\s)/).size, 'naïve café'.unicode_normalize(:nfd).size, "%08.3f|%-5s|%+x" % [3.14159, 'ab', 255]
data = { list: [1, 2.5, nil, true], nested: { text: "line\n" } }
puts JSON.parse(JSON.generate(data)) == JSON.parse(data.to_json), Zlib.crc32(Zlib.inflate(Zlib.deflate(words.join * 5)))
numbers = Enumerator.new { |y| a, b = 0, 1; loop { y << a; a, b = b, a + b } }
puts numbers.lazy.select(&:even?).first(12).sum
fibers = (1..300).map { |i| Fiber.new { 10.times { |j| Fiber.yield i * j }; i } }
puts 11.times.sum { fibers.sum(&:resume) }
queue = Queue.new
threads = 4.times.map { |t| Thread.new { 500.times { |i| queue << t * i } } }
threads.each(&:join)
puts queue.size, queue.size.times.sum { queue.pop }
lock, condition, turns = Mutex.new, ConditionVariable.new, 0
threads = 3.times.map { |t| Thread.new { 100.times { lock.synchronize { condition.wait(lock) until turns % 3 == t; turns += 1; condition.broadcast } } } }
threads.each(&:join)
puts turns
reader, writer = IO.pipe
pids = 5.times.map { |i| fork { reader.close; writer.puts i * i; exit! i } }
writer.close
puts pids.map { |pid| Process.wait2(pid)[1].exitstatus }.inspect, reader.read.split.map(&:to_i).sort.inspect
puts `echo from the shell`, $?.exitstatus
server = UNIXServer.new('socket')
client = Thread.new { UNIXSocket.open('socket') { |s| s.puts 'hello'; s.gets } }
connection = server.accept
connection.puts connection.gets.upcase
puts client.value
caught = 0
2000.times { |i| begin; Integer('x' * (i % 3)); rescue ArgumentError => e; caught += e.message.size; ensure caught += 1; end }
puts caught
def deep(n) = deep(n + 1)
begin; deep(0); rescue SystemStackError; puts 'too deep'; end
trap('USR1') { caught = 0 }
Process.kill('USR1', $$)
sleep 0.01 until caught == 0
puts catch(:done) { 10.times { |i| throw :done, i if i == 7 } }
live = []
60000.times { |i| live << "object #{i}" * 3; live.shift if live.size > 1000 }
GC.start
GC.compact if GC.respond_to?(:compact) && false
puts live.size, live.last, ObjectSpace.each_object(Class).count > 300
puts ERB.new('<% 3.times do |i| %><%= i %>,<% end %>').result
ractors = 2.times.map { |i| Ractor.new(i) { |n| (1..1000).sum * (n + 1) } }
puts ractors.map { |r| r.respond_to?(:value) ? r.value : r.take }.inspect
RUBY
ruby -W0 program.rb
