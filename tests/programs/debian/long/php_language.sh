# PHP: its interpreter, whose registers are fixed and whose calls are computed, and the regular expressions that it compiles.
set -e
cat >program.php <<'PHP'
<?php
function fib($n) { return $n < 2 ? $n : fib($n - 1) + fib($n - 2); }
echo fib(23), "\n";
$words = array_map(fn($i) => base_convert($i * 7919 % 10007, 10, 36), range(1, 4000));
sort($words, SORT_STRING);
echo hash('sha256', implode(' ', $words)), ' ', crc32(implode($words)), ' ', md5(serialize($words)), "\n";
echo preg_match_all('/\b([a-f]+)(\d+)(?<tail>[g-z]?)\b/', implode(' ', $words), $m), ' ', implode(',', array_slice($m['tail'], 0, 40)), "\n";
echo preg_replace_callback('/\d+/', fn($m) => $m[0] * 2, 'a1b22c333'), ' ', preg_replace('/(?<=a)b+/u', 'ß', 'abbb ab'), "\n";
function numbers($n) { for ($i = 0; $i < $n; $i++) { $x = yield $i; if ($x) return $x; } }
echo array_sum(iterator_to_array(numbers(2000))), ' ', json_encode(['a' => 1.5, 'b' => [true, null, "\u{e9}"]]), "\n";
abstract class Shape { abstract function area(): float; static function of(...$a): static { return new static(...$a); } }
final class Circle extends Shape { function __construct(private float $r) {} function area(): float { return M_PI * $this->r ** 2; } }
final class Box extends Shape { function __construct(private float $a, private float $b) {} function area(): float { return $this->a * $this->b; } }
$sum = 0; for ($i = 0; $i < 3000; $i++) $sum += ($i % 2 ? Circle::of($i / 7) : Box::of($i, 1.5))->area();
printf("%.6f %s %d %s\n", $sum, var_export(0.1 + 0.2, true), intdiv(-7, 2), PHP_INT_MAX + 1);
$caught = 0;
for ($i = 0; $i < 3000; $i++) { try { if ($i % 3 == 0) throw new DomainException("n$i"); intdiv(1, $i % 2); } catch (DivisionByZeroError) { $caught++; } catch (Exception $e) { $caught += strlen($e->getMessage()); } finally { $caught += 2; } }
echo $caught, "\n";
$fiber = new Fiber(function ($x) { $s = 0; while ($x < 1000) { $s += $x; $x = Fiber::suspend($x + 1); } return $s; });
$x = $fiber->start(1); while (!$fiber->isTerminated()) $x = $fiber->resume($x);
echo $fiber->getReturn(), "\n";
$queue = new SplPriorityQueue; foreach ($words as $i => $word) $queue->insert($word, $i * 31 % 4001);
$text = ''; while (!$queue->isEmpty()) $text .= $queue->extract();
echo sha1($text), ' ', levenshtein('kitten', 'sitting'), ' ', soundex('Robert'), ' ', date('Y-m-d H:i', 86400 * 365), "\n";
mt_srand(42); echo mt_rand(), ' ', mt_rand(1, 6), "\n";
if (function_exists('pcntl_fork')) { $pid = pcntl_fork(); if (!$pid) exit(5); pcntl_waitpid($pid, $status); echo pcntl_wexitstatus($status), "\n"; }
echo trim(shell_exec('echo from the shell')), ' ', strlen(gzcompress(str_repeat('abc', 1000))) < 100 ? 'small' : 'large', "\n";
$grid = []; for ($i = 0; $i < 120; $i++) for ($j = 0; $j < 120; $j++) $grid[$i][$j] = ($i * $j) ^ ($i + $j);
echo array_sum(array_map('array_sum', $grid)), "\n";
class Loop { public $me; function __construct() { $this->me = $this; } }
for ($i = 0; $i < 20000; $i++) new Loop;
echo gc_collect_cycles() >= 0 ? 'collected' : '', "\n";
PHP
php -n -d memory_limit=256M program.php
php program.php | tail -n 1
