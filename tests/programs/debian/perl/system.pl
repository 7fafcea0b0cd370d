# Files, processes, signals, sockets, sorting out children: perl's thin layer over system calls.
use strict;
use warnings;
use Cwd;
use Fcntl qw(:flock :seek :mode);
use File::Find;
use File::Temp qw(tempdir);
use IO::Handle;
use IO::Select;
use IO::Socket::INET;
use POSIX ':sys_wait_h';
use Socket;
use Time::HiRes qw(usleep setitimer ITIMER_REAL);

$| = 1;
my $place = tempdir(CLEANUP => 1);
chdir $place or die;
mkdir "d$_" for 1 .. 5;
for my $i (1 .. 5) { open my $out, '>', "d$i/file$i" or die; print $out "x" x ($i * 1000); }
symlink 'd1/file1', 'link';
chmod 0640, 'd2/file2';
utime 1000, 2000, 'd3/file3';
rename 'd4/file4', 'd5/moved';
link 'd1/file1', 'd5/hard';
my @found;
my $note = sub { push @found, "$File::Find::name:" . (-d $_ ? 'd' : -s _) };
find({ wanted => $note, preprocess => sub { sort @_ } }, '.');
print "@found\n";
printf "%o %d %d %s\n", S_IMODE((stat 'd2/file2')[2]), (stat 'd3/file3')[9], (stat 'd1/file1')[3], readlink 'link';
open my $data, '+>', 'data' or die;
print $data "0123456789";
seek $data, 4, SEEK_SET;
read $data, my $part, 3;
print "$part ", tell $data, ' ', flock($data, LOCK_EX | LOCK_NB) ? 'locked' : 'busy', "\n";
truncate $data, 5;
print -s 'data', ' ', unlink('data'), ' ', (-e 'data' ? 'there' : 'gone'), "\n";
open my $missing, '<', '/no/such/file' or print "error: $!\n";
opendir my $directory, '.' or die;
print join(' ', sort grep { !/^\./ } readdir $directory), "\n";

print `echo from the shell; exit 3`, $? >> 8, "\n";
open my $sort, '-|', 'printf "b\na\nc\n" | sort -r' or die;
print map { chomp; "$_ " } <$sort>;
close $sort;
print "\n", system('sh', '-c', 'kill -9 $$') & 127, "\n";
pipe my $reader, my $writer;
my @children = map {
    my $i = $_;
    my $pid = fork // die;
    if ($pid == 0) { syswrite $writer, "child $i\n"; POSIX::_exit($i) }
    $pid;
} 1 .. 20;
close $writer;
my %status;
while ((my $pid = wait) > 0) { $status{$pid} = $? >> 8 }
print scalar(my @lines = <$reader>), ' ', eval { join '+', map { $status{$_} } @children }, "\n";

my ($ticks, $users) = (0, 0);
local $SIG{ALRM} = sub { $ticks++ };
local $SIG{USR1} = sub { $users++ };
setitimer(ITIMER_REAL, 0.01, 0.01);
usleep 5000 while $ticks < 10;
setitimer(ITIMER_REAL, 0);
kill USR1 => $$ for 1 .. 300;
print $ticks >= 10 ? 'ticks' : 'none', " $users\n";
my $died = eval { local $SIG{ALRM} = sub { die "timeout\n" }; alarm 1; select undef, undef, undef, 30; alarm 0; 1 };
print $died ? "finished\n" : $@;
my $stopped = fork // die;
if ($stopped == 0) { kill STOP => $$; POSIX::_exit(8) }
waitpid $stopped, WUNTRACED;
print WIFSTOPPED(${^CHILD_STATUS_NATIVE}) ? 'stopped ' : 'not stopped ';
kill CONT => $stopped;
waitpid $stopped, 0;
print $? >> 8, "\n";

my $server = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', Proto => 'tcp') or die $!;
my $client = fork // die;
if ($client == 0) {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $server->sockport) or POSIX::_exit(1);
    print $socket "hello $_\n" for 1 .. 3;
    shutdown $socket, 1;
    print scalar <$socket>;
    STDOUT->flush;
    POSIX::_exit(0);
}
my $connection = $server->accept;
my @received = <$connection>;
print $connection 'server got ', scalar @received, " lines\n";
close $connection;
waitpid $client, 0;
socketpair my $one, my $two, AF_UNIX, SOCK_STREAM, PF_UNSPEC or die;
syswrite $one, 'ready';
my $ready = IO::Select->new($two)->can_read(1);
print $ready, ' ', sysread($two, my $buffer, 100);
print " $buffer\n";
print join(' ', (getpwuid 0)[0, 7], (gethostbyname 'localhost')[1]), "\n";
$0 = 'renamed';
exec 'sh', '-c', 'echo replaced; exit 0';
