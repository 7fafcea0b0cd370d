# Digests, ciphers, key agreement, signatures: openssl's portable code and whatever it chooses by processor.
set -e
seq 1 200000 >data
digests='md5 sha1 sha224 sha256 sha384 sha512 sha512-256 sha3-256 sha3-512 blake2b512 blake2s256 ripemd160 sm3'
for digest in $digests; do
    openssl dgst -"$digest" data 2>/dev/null || echo "no $digest"
done
openssl dgst -sha256 -hmac key data
key=$(printf '%064d' 42)
iv=$(printf '%032d' 7)
for cipher in aes-128-cbc aes-256-ctr aes-192-ecb chacha20 camellia-128-cbc aria-256-cbc des-ede3-cbc; do
    openssl enc -"$cipher" -K "$key" -iv "$iv" -in data -out sealed 2>/dev/null || true
    openssl enc -d -"$cipher" -K "$key" -iv "$iv" -in sealed -out opened 2>/dev/null || true
    echo "$cipher $(md5sum <sealed | cut -c 1-32) $(cmp data opened && echo same)"
done
openssl enc -aes-256-cbc -pbkdf2 -iter 1000 -S 0102030405060708 -pass pass:secret -in data | md5sum
openssl genrsa -out rsa.pem 1024 2>/dev/null
openssl dgst -sha256 -sign rsa.pem -out signature data
openssl rsa -in rsa.pem -pubout -out public.pem 2>/dev/null
openssl dgst -sha256 -verify public.pem -signature signature data
openssl ecparam -name prime256v1 -genkey -noout -out ec.pem
openssl dgst -sha384 -sign ec.pem -out signature data
openssl ec -in ec.pem -pubout -out public.pem 2>/dev/null
openssl dgst -sha384 -verify public.pem -signature signature data
openssl genpkey -algorithm x25519 -out one.pem
openssl genpkey -algorithm x25519 -out two.pem
openssl pkey -in one.pem -pubout -out one.pub
openssl pkey -in two.pem -pubout -out two.pub
openssl pkeyutl -derive -inkey one.pem -peerkey two.pub -out secret1
openssl pkeyutl -derive -inkey two.pem -peerkey one.pub -out secret2
cmp secret1 secret2 && echo 'x25519: same secret'
openssl req -x509 -newkey ed25519 -nodes -keyout key.pem -out certificate.pem -subj /CN=lyrebird -days 10 2>/dev/null
openssl verify -CAfile certificate.pem certificate.pem
openssl prime 1000003
openssl rand -hex 16 | wc -c
echo 'some text' | openssl base64
printf 'password' | openssl passwd -6 -salt saltsalt -stdin
