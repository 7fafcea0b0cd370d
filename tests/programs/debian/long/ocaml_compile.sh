# OCaml's compiler to native code, its bytecode interpreter, and what they make of one program.
set -e
cat >program.ml <<'ML'
module M = Map.Make (String)
type tree = Leaf | Node of tree * int * tree
let rec insert x = function
  | Leaf -> Node (Leaf, x, Leaf)
  | Node (l, y, r) as t -> if x < y then Node (insert x l, y, r) else if x > y then Node (l, y, insert x r) else t
let rec fold f acc = function Leaf -> acc | Node (l, x, r) -> fold f (f (fold f acc l) x) r
exception Found of int
let () =
  let t = ref Leaf in
  for i = 1 to 30000 do t := insert (i * 7919 mod 10007) !t done;
  Printf.printf "%d\n" (fold (fun a x -> (a * 31 + x) land 0xffffff) 0 !t);
  let m = ref M.empty in
  for i = 1 to 5000 do m := M.update (string_of_int (i mod 997)) (fun v -> Some (1 + Option.value v ~default:0)) !m done;
  Printf.printf "%d %d\n" (M.cardinal !m) (M.find "42" !m);
  let caught = ref 0 in
  for i = 1 to 20000 do try if i mod 3 = 0 then raise (Found i); ignore (1 / (i mod 2)) with Found n -> caught := !caught + n | Division_by_zero -> incr caught done;
  Printf.printf "%d %.12f %Lx\n" !caught (Float.pow 2. 0.5 +. sin 1.) (Int64.mul 0x123456789abcdefL 987654321L);
  let a = Array.init 1000 (fun i -> float_of_int (i * i mod 97)) in
  Array.sort compare a;
  Printf.printf "%g %g %s\n" a.(0) (Array.fold_left ( +. ) 0. a) (Digest.to_hex (Digest.string (String.concat " " (Array.to_list (Array.map string_of_float a)))));
  let rec deep n = if n = 0 then 0 else 1 + deep (n - 1) in
  Printf.printf "%d\n" (deep 50000);
  let live = Array.make 500 "" in
  for i = 0 to 100000 do live.(i mod 500) <- String.make (i mod 100) 'x' done;
  Gc.full_major ();
  Printf.printf "%d\n" (Array.fold_left (fun n s -> n + String.length s) 0 live);
  (try ignore (a.(1000)) with Invalid_argument s -> print_endline s);
  Buffer.(let b = create 16 in for i = 0 to 999 do add_string b (string_of_int i) done; print_endline (Digest.to_hex (Digest.string (contents b))))
ML
ocamlopt program.ml -o native
./native
ocamlc program.ml -o bytes
./bytes | cmp - <(./native) && echo 'bytecode: the same'
echo 'let rec f n = if n = 0 then 1 else n * f (n - 1);; print_int (f 15);;' | ocaml -noprompt -stdin 2>&1 | tail -n 1
echo 'let x : int = "no"' >wrong.ml
ocamlc wrong.ml 2>/dev/null || echo "refused: $?"
