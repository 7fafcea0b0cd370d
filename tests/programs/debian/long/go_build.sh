# Go: its compiler, linker and vet; goroutines on several threads that are preempted by signals, nil checks by faults, a collector.
set -e
export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off GO111MODULE=on CGO_ENABLED=0 GOMAXPROCS=4
mkdir module # Go ignores a go.mod at the top of TMPDIR
cd module
cat >go.mod <<'GO'
module example
go 1.19
GO
cat >main.go <<'GO'
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

type node struct {
	left, right *node
	value       int
}

func (n *node) insert(v int) *node {
	if n == nil {
		return &node{value: v}
	}
	if v < n.value {
		n.left = n.left.insert(v)
	} else if v > n.value {
		n.right = n.right.insert(v)
	}
	return n
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.left.sum() + n.value + n.right.sum()
}

func fault(n *node, numbers []int, i, zero int) (why string) {
	defer func() {
		if e, ok := recover().(runtime.Error); ok {
			why = e.Error()
		}
	}()
	switch i {
	case 0:
		return fmt.Sprint(n.value)
	case 1:
		return fmt.Sprint(numbers[i+7])
	case 2:
		return fmt.Sprint(i / zero)
	}
	var any interface{} = i
	return any.(string)
}

func spin(stop *int32) (n uint32) { // no calls: only a signal can interrupt it
	for i := uint32(0); i < 30_000_000; i++ {
		n = n*31 + i
	}
	atomic.AddInt32(stop, 1)
	return
}

func deep(n int) int {
	var room [200]byte
	room[n%200] = 1
	if n == 0 {
		return int(room[0])
	}
	return deep(n-1) + int(room[n%200])
}

func main() {
	var root *node
	for i := 0; i < 30000; i++ {
		root = root.insert(i * 7919 % 10007)
	}
	fmt.Println(root.sum(), deep(20000), math.FMA(0.1, 10, -1), math.Sqrt(2), uint64(1)<<63%1000003)
	for i := 0; i < 4; i++ {
		fmt.Println(fault(nil, []int{1}, i, 0))
	}
	jobs, results := make(chan int), make(chan int, 10)
	var group sync.WaitGroup
	for w := 0; w < 50; w++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for j := range jobs {
				results <- j * j % 1009
			}
		}()
	}
	go func() {
		for j := 0; j < 20000; j++ {
			jobs <- j
		}
		close(jobs)
		group.Wait()
		close(results)
	}()
	total := 0
	for r := range results {
		total += r
	}
	var stop int32
	sums := make(chan uint32)
	for i := 0; i < 4; i++ {
		go func() { sums <- spin(&stop) }()
	}
	ticks := 0
	for ticker := time.NewTicker(time.Millisecond); atomic.LoadInt32(&stop) < 4; ticks++ {
		<-ticker.C
		if ticks%10 == 0 {
			runtime.GC()
		}
		if ticks == 0 {
			go func() { runtime.Gosched() }()
		}
		for done := false; !done; {
			select {
			case s := <-sums:
				total += int(s)
			default:
				done = true
			}
		}
	}
	fmt.Println(total > 0, ticks > 0)
	var lock sync.Mutex
	counts := map[string]int{}
	var all sync.WaitGroup
	for g := 0; g < 200; g++ {
		all.Add(1)
		go func(g int) {
			defer all.Done()
			for i := 0; i < 50; i++ {
				lock.Lock()
				counts[fmt.Sprint(i%7, g%3)] += i
				lock.Unlock()
			}
		}(g)
	}
	all.Wait()
	keys := []string{}
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	text := ""
	for _, k := range keys {
		text += fmt.Sprintln(k, counts[k])
	}
	fmt.Printf("%d %x\n", len(keys), sha256.Sum256([]byte(text)))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := exec.CommandContext(ctx, "sleep", "100").Run()
	fmt.Println(err, errors.Is(ctx.Err(), context.DeadlineExceeded))
	out, _ := exec.Command("sh", "-c", "echo from the shell").Output()
	fmt.Print(string(out))
}
GO
go vet ./...
go build -o program .
./program
cat >wrong_test.go <<'GO'
package main

import (
	"fmt"
	"testing"
)

func TestInsert(t *testing.T) {
	if (*node)(nil).insert(3).insert(4).sum() != 7 {
		t.Fatal("sum")
	}
	fmt.Printf("%d\n", "text")
}
GO
go vet . 2>&1 | grep -o 'Printf format %d has arg .* of wrong type string'
sed -i '/Printf/d; /"fmt"/d' wrong_test.go
go test -vet=off . | awk '{ print $1, $2 }'
