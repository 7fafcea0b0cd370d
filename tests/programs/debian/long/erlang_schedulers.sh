# Erlang: a machine that compiles what it loads, through two mappings of its code; schedulers, processes by the thousand, hot code loading.
set -e
cat >program.erl <<'ERL'
-module(program).
-export([main/0, loop/1]).
fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).
loop(N) -> receive {add, M} -> loop(N + M); {get, P} -> P ! {self(), N}, loop(N) end.
start(0, Last) -> Last;
start(N, Next) -> start(N - 1, spawn(fun() -> pass(Next) end)).
pass(Next) -> receive {stop, _} = S -> Next ! S; {N, Sum} -> Next ! {N, Sum + 1}, pass(Next) end.
rounds(_, 0, Sum) -> Sum;
rounds(First, K, Sum) -> First ! {K, Sum}, receive {K, S} -> rounds(First, K - 1, S) end.
pmap(F, L) -> [receive {P, R} -> R end || P <- [begin S = self(), spawn(fun() -> S ! {self(), F(X)} end) end || X <- L]].
main() ->
    io:format("~p ~p ~p~n", [fib(24), erlang:system_info(emu_flavor), erlang:phash2(lists:seq(1, 1000))]),
    First = start(500, self()),
    io:format("~p~n", [rounds(First, 40, 0)]),
    io:format("~p~n", [lists:sum(pmap(fun(X) -> fib(X rem 18) end, lists:seq(1, 400)))]),
    C = spawn(?MODULE, loop, [0]),
    [spawn(fun() -> [C ! {add, I} || I <- lists:seq(1, 50)] end) || _ <- lists:seq(1, 100)],
    timer:sleep(100),
    Get = fun Get() -> C ! {get, self()}, receive {C, 127500} -> 127500; {C, _} -> timer:sleep(20), Get() end end,
    io:format("~p~n", [Get()]),
    Caught = [try lists:nth(I rem 3, [a, b]), 1 / (I rem 2) catch error:R -> R end || I <- lists:seq(0, 2999)],
    io:format("~p~n", [length([x || badarith <- Caught]) + 10000 * length([x || function_clause <- Caught])]),
    {_, Ref} = spawn_monitor(fun() -> exit({because, 42}) end),
    receive {'DOWN', Ref, _, _, Why} -> io:format("~p~n", [Why]) end,
    T = ets:new(t, [public, {write_concurrency, true}]),
    pmap(fun(X) -> [ets:update_counter(T, I rem 50, X, {I rem 50, 0}) || I <- lists:seq(1, 200)] end, lists:seq(1, 20)),
    io:format("~p ~w~n", [lists:sum([V || {_, V} <- ets:tab2list(T)]), crypto_free_hash(lists:seq(1, 5000))]),
    lists:foreach(fun(I) ->
        Forms = [{attribute, 1, module, made}, {attribute, 1, export, [{f, 1}]},
                 {function, 1, f, 1, [{clause, 1, [{var, 1, 'X'}], [], [{op, 1, '*', {var, 1, 'X'}, {integer, 1, I}}]}]}],
        {ok, made, Binary} = compile:forms(Forms),
        code:purge(made), {module, made} = code:load_binary(made, "made", Binary),
        I = made:f(1)
    end, lists:seq(1, 60)),
    io:format("~p ~p~n", [made:f(7), 1 bsl 200 rem 1000000007]),
    P = open_port({spawn, "sh -c 'echo from the shell; exit 3'"}, [exit_status, stream]),
    receive {P, {data, D}} -> io:format("~s", [D]) end,
    receive {P, {exit_status, E}} -> io:format("~p~n", [E]) end,
    {ok, L} = gen_tcp:listen(0, [binary, {ip, {127, 0, 0, 1}}, {active, false}]),
    {ok, Port} = inet:port(L),
    spawn(fun() -> {ok, S} = gen_tcp:accept(L), {ok, B} = gen_tcp:recv(S, 5), gen_tcp:send(S, [B, B]), gen_tcp:close(S) end),
    {ok, S} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {active, true}]),
    gen_tcp:send(S, <<"hello">>),
    receive {tcp, S, B} -> io:format("~s~n", [B]) end,
    io:format("~p~n", [binary_to_list(iolist_to_binary(re:replace("a1b22c333", "[0-9]+", "<&>", [global])))]),
    init:stop().
crypto_free_hash(L) -> erlang:md5(term_to_binary([X * 7919 rem 10007 || X <- L], [{minor_version, 1}])).
ERL
erlc program.erl
erl -noshell +S 4:4 -s program main
