# Regular expressions, hashes, sorting, pack, sprintf, closures, big numbers.
use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use Digest::SHA qw(sha256_hex);
use List::Util qw(reduce shuffle sum0 max first);
use Math::BigInt;
use POSIX qw(floor fmod strftime);

sub word { my $i = shift; join '', map { chr(97 + ($i * 31 + $_ * $i * 17 + $_ * 7) % 26) } 1 .. 3 + $i % 6 }
my @words = map { word($_) } 1 .. 500;
my %count;
$count{$_}++ for map { split // } @words;
print join(' ', map { "$_$count{$_}" } sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count), "\n";
my $text = join ' ', @words;
(my $turned = $text) =~ s/\b(\w)(\w+)/\u$2$1/g;
print substr($turned, 0, 70), ' ', md5_hex($turned), "\n";
print scalar(() = $text =~ /([aeiou])\w*\1/g), ' ', ($text =~ tr/a-m//), ' ', sha256_hex($text), "\n";
print "$+{key} = $+{value}\n" while 'one=1, two=22, three=333' =~ /(?<key>\w+)=(?<value>\d+)/g;
my $nested = qr/\((?:[^()]++|(??{ our $again }))*\)/;
our $again = $nested;
print "balanced: $&\n" if 'f(a(b)(c(d)))g' =~ $nested;
print join('|', 'a1b22c333' =~ /(\d+)/g), ' ', join('|', split /(?<=,)/, 'x,y,z'), "\n";
print unpack('H*', pack('nNvVCa3A5Z4w', 1, 2, 3, 4, 5, 'abcd', 'ef', 'ghijk', 300)), "\n";
print join(',', unpack('(A2)*', 'aabbcc')), "\n";
printf "%05.2f|%-6s|%+d|%x|%o|%b|%e|%g|%s|%%|%vd\n", 3.14159, 'ab', 7, 255, 8, 10, 12345.678, 1e-5, 1e21, '1.22.333';
my @values = (sqrt 2, atan2(1, -1), exp 1, log 10, 7 ** 0.5, -7 % 3, fmod(7.5, 2), floor(-2.5));
print join(' ', map { sprintf '%.15g', $_ } @values), "\n";
print Math::BigInt->new(2)->bpow(200), ' ', Math::BigInt->new(100)->bfac, "\n";
my @sorted = sort { length $a <=> length $b or $a cmp $b } @words;
print "@sorted[0 .. 4] @sorted[-3 .. -1]\n";
my @counters = map { my $n = $_; sub { $n += shift // 1 } } 1 .. 3;
$counters[0]->(5), $counters[1]->() for 1 .. 4;
print join(' ', map { $_->(0) } @counters), ' ', (reduce { $a * $b } 1 .. 10), ' ', sum0(1 .. 100), "\n";
my %tree = (left => { left => undef, value => [1, 2, { deep => 'yes' }] }, list => [map { { id => $_ } } 1 .. 3]);
print "$tree{left}{value}[2]{deep} $#{$tree{list}} ", exists $tree{right} ? 1 : 0, "\n";
local $@;
eval { die { code => 42 } };
print "died with $@->{code}\n";
eval { my $x = 1; my $y = $x / 0; };
print $@ =~ /(Illegal division by zero)/, "\n";
{ no strict 'refs'; *{'main::made'} = sub { "made @_" }; }
print made(1, 2), ' ', __PACKAGE__->can('made') ? 'can' : 'cannot', "\n";
print strftime('%Y-%m-%d %H:%M:%S', gmtime 1234567890), ' ', ucfirst lc 'MIXED', ' ', scalar reverse('abc'), "\n";
open my $in, '<', \"first\nsecond\nthird\n" or die;
while (<$in>) { chomp; print "$.:$_ " if $. == 2 .. $. == 3 }
print "\n";
use utf8;
binmode STDOUT, ':utf8';
my $unicode = "naïve Ωmega 日本";
print length $unicode, ' ', uc $unicode, ' ', join(',', map { sprintf '%x', ord } split //, substr $unicode, -2), "\n";
no warnings 'recursion';
sub ackermann {
    my ($m, $n) = @_;
    return $n + 1 if $m == 0;
    return ackermann($m - 1, $n == 0 ? 1 : ackermann($m, $n - 1));
}
print ackermann(2, 30), "\n";
my @sieve = (1) x 20000;
for my $i (2 .. 141) { next unless $sieve[$i]; for (my $j = $i * $i; $j < 20000; $j += $i) { $sieve[$j] = 0 } }
print scalar(grep { $sieve[$_] } 2 .. 19999), "\n";
