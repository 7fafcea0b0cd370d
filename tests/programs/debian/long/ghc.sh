# GHC, which compiles by a program that it compiled itself, without a frame pointer or a stack that C knows; its program, threaded, and its interpreter.
set -e
cat >Main.hs <<'HS'
import Control.Concurrent
import Control.Exception
import Control.Monad
import qualified Data.Map.Strict as M
main :: IO ()
main = do
  putStrLn "hello"
  print (product [1 .. 40 :: Integer], sum (map fromIntegral [1 .. 1000 :: Int]) / 7 :: Double)
  let m = M.fromListWith (+) [(i * 7919 `mod` 1009, i) | i <- [1 .. 20000 :: Int]]
  print (M.size m, M.foldl' (\a x -> (a * 31 + x) `mod` 1000003) 7 m)
  box <- newMVar (0 :: Int)
  done <- forM [1 .. 100] $ \i -> do
    d <- newEmptyMVar
    _ <- forkIO (replicateM_ 50 (modifyMVar_ box (pure . (+ i))) >> putMVar d ())
    pure d
  mapM_ takeMVar done
  readMVar box >>= print
  r <- try (evaluate (1 `div` (0 :: Int))) :: IO (Either ArithException Int)
  print r
HS
# What the package's own script would do when it is installed.
cp -r /var/lib/ghc/package.conf.d packages
ghc-pkg recache --package-db=packages
export GHC_PACKAGE_PATH=$PWD/packages
ghc -v0 -O1 -threaded -rtsopts Main.hs -o program
./program +RTS -N3 -RTS
echo 'print (foldr (+) 0 [1 .. 100])' >script.ghci
ghc -v0 -e ':script script.ghci'
