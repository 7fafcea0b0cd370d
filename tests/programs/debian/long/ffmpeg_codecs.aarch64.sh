# Sound and pictures made, encoded and decoded: what reaches the files must not depend on the processor. (riscv64 has another release.)
set -e
ffmpeg() { command ffmpeg -nostdin -v error -bitexact -cpuflags "$flags" -threads "${threads:-1}" "$@"; }
picture=(-f lavfi -i testsrc2=size=352x288:rate=25:duration=0.4)
exact=(-flags +bitexact -sws_flags accurate_rnd+bitexact+full_chroma_int)
# Portable code, which must give what it gives on every other processor, then whatever ffmpeg chooses for this one.
for flags in 0 all; do
    echo "with cpuflags $flags"
    for codec in mpeg1video mpeg2video 'mpeg4 -mbd rd -trellis 1' h263 'mjpeg -dct int' ffv1 huffyuv 'libx264 -qp 24 -x264-params threads=1' \
        utvideo 'flv -dct int' zlib rawvideo; do
        format=yuv420p
        case $codec in huffyuv) format=yuv422p ;; zlib) format=bgr24 ;; mjpeg*) format=yuvj420p ;; esac
        # A quantiser that is fixed: rate control is computed in floating point.
        ffmpeg "${picture[@]}" "${exact[@]}" -pix_fmt $format -c:v $codec -qscale:v 4 -threads 1 -fflags +bitexact -y film.mkv
        ffmpeg -i film.mkv -c copy -f md5 - | sed "s/^/${codec%% *} packets /"
        ffmpeg -i film.mkv -idct simple -f framemd5 - | grep -v '^#' | md5sum | cut -c 1-32 | sed "s/^/${codec%% *} pictures /"
    done
    for codec in pcm_s16le flac adpcm_ima_wav alac wavpack; do
        ffmpeg -f lavfi -i 'aevalsrc=0.4*sin(440*2*PI*t)|0.3*sin(t*t*900):s=44100:d=2' -c:a $codec -sample_fmt "$([[ $codec == alac || $codec == wavpack || $codec == adpcm* ]] && echo s16p || echo s16)" -y sound.mka
        ffmpeg -i sound.mka -c copy -f md5 - | sed "s/^/$codec packets /"
        ffmpeg -i sound.mka -f md5 - | sed "s/^/$codec sound /"
    done
    ffmpeg "${picture[@]}" -vf 'scale=200:150:flags=bicubic+accurate_rnd+bitexact,transpose=1,hflip,boxblur=2:1,unsharp,yadif,format=rgb24,format=yuv444p' -f md5 -
    threads=3 ffmpeg "${picture[@]}" -c:v ffv1 -level 3 -slices 4 -f md5 -
done
