# rustc, which is LLVM and a thread for each unit of code, and a program of it: panics that unwind, threads, channels, checked arithmetic.
set -e
cat >program.rs <<'RUST'
use std::collections::{BTreeMap, HashMap};
use std::sync::{atomic::{AtomicU64, Ordering}, mpsc, Arc, Condvar, Mutex, RwLock};
use std::thread;

trait Shape { fn area(&self) -> f64; }
struct Circle(f64);
struct Rect { a: f64, b: f64 }
impl Shape for Circle { fn area(&self) -> f64 { std::f64::consts::PI * self.0 * self.0 } }
impl Shape for Rect { fn area(&self) -> f64 { self.a * self.b } }
struct Loud(u32, Arc<AtomicU64>);
impl Drop for Loud { fn drop(&mut self) { self.1.fetch_add(self.0 as u64, Ordering::SeqCst); } }

fn risky(i: u32, dropped: &Arc<AtomicU64>) -> u32 {
    let _loud = Loud(i, dropped.clone());
    let numbers = [1u32, 2, 3];
    match i % 4 {
        0 => numbers[(i % 5) as usize],
        1 => 10 / (i % 3),
        2 => u32::MAX.checked_add(i).expect("overflow"),
        _ => "12".parse::<u32>().unwrap() + i,
    }
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let dropped = Arc::new(AtomicU64::new(0));
    let (mut fine, mut caught) = (0u64, 0);
    for i in 0..2000 {
        match std::panic::catch_unwind(|| risky(i, &dropped)) { Ok(n) => fine += n as u64, Err(_) => caught += 1 }
    }
    println!("{fine} {caught} {}", dropped.load(Ordering::SeqCst));
    let shapes: Vec<Box<dyn Shape>> = (0..3000).map(|i| if i % 2 == 0 { Box::new(Circle(i as f64 / 7.0)) as Box<dyn Shape> } else { Box::new(Rect { a: i as f64, b: 1.5 }) }).collect();
    println!("{:.9} {} {} {}", shapes.iter().map(|s| s.area()).sum::<f64>(), f64::NAN as i32, 1e30 as i64, -1.5f32 as u8);
    let (sender, receiver) = mpsc::sync_channel(3);
    let handles: Vec<_> = (0..6u64).map(|t| { let s = sender.clone(); thread::spawn(move || for i in 0..500 { s.send(t * i).unwrap() }) }).collect();
    drop(sender);
    println!("{}", receiver.iter().sum::<u64>());
    for h in handles { h.join().unwrap(); }
    let state = Arc::new((Mutex::new(0), Condvar::new(), RwLock::new(HashMap::new())));
    let handles: Vec<_> = (0..4).map(|me| { let s = state.clone(); thread::spawn(move || for i in 0..200 {
        let mut turn = s.1.wait_while(s.0.lock().unwrap(), |t| *t % 4 != me).unwrap();
        *turn += 1;
        s.2.write().unwrap().insert(i % 50, me);
        s.1.notify_all();
    }) }).collect();
    for h in handles { h.join().unwrap(); }
    println!("{} {}", state.0.lock().unwrap(), state.2.read().unwrap().values().sum::<i32>());
    let mut words = BTreeMap::new();
    for i in 0..20000u64 { *words.entry(format!("{:x}", i * 7919 % 1009)).or_insert(0u64) += i; }
    println!("{} {}", words.len(), words.iter().fold(7u64, |h, (k, v)| (h ^ v ^ k.len() as u64).wrapping_mul(0x100000001b3).rotate_left(9)));
    println!("{:?} {}", "naïve".char_indices().rev().next(), u128::MAX / 12345);
    println!("{:?}", thread::spawn(|| { if true { panic!("thread") } }).join().is_err());
    let child = std::process::Command::new("sh").args(["-c", "echo from the shell; exit 3"]).output().unwrap();
    println!("{:?} {:?}", String::from_utf8_lossy(&child.stdout), child.status.code());
}
RUST
rustc --edition 2021 -O program.rs -o fast
./fast
rustc --edition 2021 -C debuginfo=2 program.rs -o debug
./debug | cmp - <(./fast) && echo 'without optimisation: the same'
echo 'fn main() { let x = String::new(); let y = x; println!("{x}{y}"); }' >wrong.rs
rustc wrong.rs 2>&1 | head -n 1
