; The loops of a search, in the language of LLVM. ALL(n) stands for a vector of 64 bytes n, EIGHT(n) for one of eight
; numbers; FIRST, SECOND and THIRD for the numbers of the hashes, GRAM for the words of a run: see _compiled.py.
; fold: the text as it is compared. First all of ASCII, 64 bytes at once, then what needs a look at its neighbours.
; lines: where lines end, and whether letters are escaped.
; words: where words begin and end. hashes: their hashes. runs: the runs of words whose hash both tables know.

declare i64 @llvm.cttz.i64(i64, i1)
declare i64 @llvm.ctpop.i64(i64)
declare i8 @llvm.ctpop.i8(i8)
declare <8 x i64> @llvm.masked.gather.v8i64.v8p0(<8 x ptr>, i32, <8 x i1>, <8 x i64>)
declare <8 x i32> @llvm.masked.gather.v8i32.v8p0(<8 x ptr>, i32, <8 x i1>, <8 x i32>)
declare void @llvm.masked.compressstore.v8i64(<8 x i64>, ptr, <8 x i1>)

define void @fold(ptr noalias %raw, i64 %n, ptr noalias %out, ptr noalias %twos, ptr noalias %threes,
                  ptr noalias %escaped) nounwind {
entry:
  br label %plain
plain:
  %i = phi i64 [ 0, %entry ], [ %i64, %plain ]
  %pi = getelementptr i8, ptr %raw, i64 %i
  %c = load <64 x i8>, ptr %pi, align 1
  %low = or <64 x i8> %c, ALL(32)
  %a = sub <64 x i8> %low, ALL(97)
  %alpha = icmp ult <64 x i8> %a, ALL(26)
  %z = sub <64 x i8> %c, ALL(48)
  %digit = icmp ult <64 x i8> %z, ALL(10)
  %beyond = icmp slt <64 x i8> %c, ALL(0)
  %same = or <64 x i1> %digit, %beyond
  %kept = select <64 x i1> %same, <64 x i8> %c, <64 x i8> ALL(32)
  %made = select <64 x i1> %alpha, <64 x i8> %low, <64 x i8> %kept
  %po = getelementptr i8, ptr %out, i64 %i
  store <64 x i8> %made, ptr %po, align 1
  %i64 = add i64 %i, 64
  %more = icmp slt i64 %i64, %n
  br i1 %more, label %plain, label %chunk
chunk:
  %j = phi i64 [ 0, %plain ], [ %j64, %nextchunk ]
  %pj = getelementptr i8, ptr %raw, i64 %j
  %v = load <64 x i8>, ptr %pj, align 1
  %slashes = icmp eq <64 x i8> %v, ALL(92)
  %off = sub <64 x i8> %v, ALL(-62)
  %pairs = icmp ult <64 x i8> %off, ALL(34)
  %fulls = icmp eq <64 x i8> %v, ALL(-17)
  %o1 = or <64 x i1> %slashes, %pairs
  %odds = or <64 x i1> %o1, %fulls
  %bits0 = bitcast <64 x i1> %odds to i64
  br label %bit
bit:
  %bits = phi i64 [ %bits0, %chunk ], [ %bits1, %done ]
  %any = icmp ne i64 %bits, 0
  br i1 %any, label %one, label %nextchunk
one:
  %at = call i64 @llvm.cttz.i64(i64 %bits, i1 true)
  %less = sub i64 %bits, 1
  %bits1 = and i64 %bits, %less
  %k = add i64 %j, %at
  %p0 = getelementptr i8, ptr %raw, i64 %k
  %p1 = getelementptr i8, ptr %p0, i64 1
  %p2 = getelementptr i8, ptr %p0, i64 2
  %q0 = getelementptr i8, ptr %out, i64 %k
  %q1 = getelementptr i8, ptr %q0, i64 1
  %q2 = getelementptr i8, ptr %q0, i64 2
  %b0 = load i8, ptr %p0
  %b1 = load i8, ptr %p1
  %x0 = zext i8 %b0 to i64
  %x1 = zext i8 %b1 to i64
  %slash = icmp eq i8 %b0, 92
  br i1 %slash, label %escape, label %lead
escape:
  %pe = getelementptr i8, ptr %escaped, i64 %x1
  %e = load i8, ptr %pe
  %yes = icmp ne i8 %e, 0
  br i1 %yes, label %parted, label %done
parted:
  store i8 32, ptr %q1
  br label %done
lead:
  %h1 = and i8 %b1, -64
  %goes = icmp eq i8 %h1, -128
  br i1 %goes, label %size, label %done
size:
  %l1 = and i64 %x1, 63
  %is2 = icmp ult i8 %b0, -32
  br i1 %is2, label %two, label %third
two:
  %r = sub i64 %x0, 192
  %r6 = shl i64 %r, 6
  %i2 = or i64 %r6, %l1
  %pp = getelementptr i16, ptr %twos, i64 %i2
  %w = load i16, ptr %pp
  store i16 %w, ptr %q0, align 1
  br label %done
third:
  %b2 = load i8, ptr %p2
  %h2 = and i8 %b2, -64
  %goes2 = icmp eq i8 %h2, -128
  br i1 %goes2, label %three, label %done
three:
  %x2 = zext i8 %b2 to i64
  %l2 = and i64 %x2, 63
  %r3 = sub i64 %x0, 224
  %a3 = shl i64 %r3, 12
  %b6 = shl i64 %l1, 6
  %ab = or i64 %a3, %b6
  %abc = or i64 %ab, %l2
  %p3 = getelementptr i8, ptr %threes, i64 %abc
  %blank = load i8, ptr %p3
  %isb = icmp ne i8 %blank, 0
  br i1 %isb, label %blanks, label %done
blanks:
  store i8 32, ptr %q0
  store i8 32, ptr %q1
  store i8 32, ptr %q2
  br label %done
done:
  br label %bit
nextchunk:
  %j64 = add i64 %j, 64
  %morej = icmp slt i64 %j64, %n
  br i1 %morej, label %chunk, label %end
end:
  ret void
}

define i64 @lines(ptr noalias %raw, i64 %n, ptr noalias %out, ptr noalias %flag) nounwind {
entry:
  br label %chunk
chunk:
  %j = phi i64 [ 0, %entry ], [ %j64, %next ]
  %f0 = phi i64 [ 0, %entry ], [ %f, %next ]
  %all0 = phi i64 [ 0, %entry ], [ %all, %next ]
  %pj = getelementptr i8, ptr %raw, i64 %j
  %v = load <64 x i8>, ptr %pj, align 1
  %pu = getelementptr i8, ptr %pj, i64 1
  %u = load <64 x i8>, ptr %pu, align 1
  %slashes = icmp eq <64 x i8> %v, ALL(92)
  %us = icmp eq <64 x i8> %u, ALL(117)
  %letters = and <64 x i1> %slashes, %us
  %mask = bitcast <64 x i1> %letters to i64
  %all = or i64 %all0, %mask
  %ends = icmp eq <64 x i8> %v, ALL(10)
  %bits0 = bitcast <64 x i1> %ends to i64
  br label %bit
bit:
  %bits = phi i64 [ %bits0, %chunk ], [ %bits1, %one ]
  %f = phi i64 [ %f0, %chunk ], [ %f1, %one ]
  %any = icmp ne i64 %bits, 0
  br i1 %any, label %one, label %next
one:
  %at = call i64 @llvm.cttz.i64(i64 %bits, i1 true)
  %less = sub i64 %bits, 1
  %bits1 = and i64 %bits, %less
  %k = add i64 %j, %at
  %k1 = add i64 %k, 1
  %po = getelementptr i64, ptr %out, i64 %f
  store i64 %k1, ptr %po
  %f1 = add i64 %f, 1
  br label %bit
next:
  %j64 = add i64 %j, 64
  %more = icmp slt i64 %j64, %n
  br i1 %more, label %chunk, label %end
end:
  store i64 %all, ptr %flag
  ret i64 %f
}

define i64 @words(ptr noalias %text, i64 %n, ptr noalias %single, ptr noalias %out) nounwind {
entry:
  br label %head
head:
  %i = phi i64 [ 8, %entry ], [ %far, %edge ], [ %k, %byte ]
  %f0 = phi i64 [ 0, %entry ], [ %all, %edge ], [ %fb, %byte ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %body, label %end
body:
  %far = add i64 %i, 64
  %pi = getelementptr i8, ptr %text, i64 %i
  %v = load <64 x i8>, ptr %pi, align 1
  %voff = sub <64 x i8> %v, ALL(-32)
  %vin = icmp ult <64 x i8> %voff, ALL(10)
  %signs = bitcast <64 x i1> %vin to i64
  %none = icmp eq i64 %signs, 0
  br i1 %none, label %fast, label %byte
fast:
  %vspace = icmp ne <64 x i8> %v, ALL(32)
  %inside = bitcast <64 x i1> %vspace to i64
  ; Borders of words stand one behind the other, so that a word is open where their number is odd.
  %carry = and i64 %f0, 1
  %left = shl i64 %inside, 1
  %before = or i64 %left, %carry
  %edges0 = xor i64 %inside, %before
  %count = call i64 @llvm.ctpop.i64(i64 %edges0)
  %all = add i64 %f0, %count
  br label %edge
edge:
  %edges = phi i64 [ %edges0, %fast ], [ %edges1, %turned ]
  %f = phi i64 [ %f0, %fast ], [ %f8, %turned ]
  %some = icmp slt i64 %f, %all
  br i1 %some, label %turn, label %head
turn:
  br label %one
one:
  %r = phi i64 [ 0, %turn ], [ %r1, %one ]
  %e = phi i64 [ %edges, %turn ], [ %edges1, %one ]
  %at = call i64 @llvm.cttz.i64(i64 %e, i1 false)
  %p = add i64 %i, %at
  %p32 = trunc i64 %p to i32
  %fr = add i64 %f, %r
  %po = getelementptr i32, ptr %out, i64 %fr
  store i32 %p32, ptr %po
  %less = sub i64 %e, 1
  %edges1 = and i64 %e, %less
  %r1 = add i64 %r, 1
  %again = icmp ult i64 %r1, 8
  br i1 %again, label %one, label %turned
turned:
  %f8 = add i64 %f, 8
  br label %edge
byte:
  %k = phi i64 [ %i, %body ], [ %k1, %step ], [ %k3, %signend ]
  %fb = phi i64 [ %f0, %body ], [ %fs, %step ], [ %fe2, %signend ]
  %less64 = icmp slt i64 %k, %far
  br i1 %less64, label %read, label %head
read:
  %pc = getelementptr i8, ptr %text, i64 %k
  %c = load i8, ptr %pc
  %k32 = trunc i64 %k to i32
  %pob = getelementptr i32, ptr %out, i64 %fb
  %open = and i64 %fb, 1
  %blank = icmp eq i8 %c, 32
  br i1 %blank, label %space, label %letter
space:
  store i32 %k32, ptr %pob
  %fclosed = add i64 %fb, %open
  br label %step
letter:
  %lo = sub i8 %c, -32
  %maybe = icmp ult i8 %lo, 10
  br i1 %maybe, label %look, label %word
look:
  %p1 = getelementptr i8, ptr %pc, i64 1
  %d = load i8, ptr %p1
  %p2 = getelementptr i8, ptr %pc, i64 2
  %g = load i8, ptr %p2
  %dm = and i8 %d, -64
  %gm = and i8 %g, -64
  %dok = icmp eq i8 %dm, -128
  %gok = icmp eq i8 %gm, -128
  %valid = and i1 %dok, %gok
  br i1 %valid, label %kind, label %word
kind:
  %cr = zext i8 %lo to i64
  %c6 = shl i64 %cr, 6
  %dx = zext i8 %d to i64
  %d6 = and i64 %dx, 63
  %ax = or i64 %c6, %d6
  %ps = getelementptr i8, ptr %single, i64 %ax
  %is = load i8, ptr %ps
  %alone = icmp ne i8 %is, 0
  br i1 %alone, label %signend, label %word
signend:
  store i32 %k32, ptr %pob
  %fe = add i64 %fb, %open
  %pe = getelementptr i32, ptr %out, i64 %fe
  store i32 %k32, ptr %pe
  %k3 = add i64 %k, 3
  %k332 = trunc i64 %k3 to i32
  %fe1 = add i64 %fe, 1
  %pe1 = getelementptr i32, ptr %out, i64 %fe1
  store i32 %k332, ptr %pe1
  %fe2 = add i64 %fe1, 1
  br label %byte
word:
  store i32 %k32, ptr %pob
  %closed = xor i64 %open, 1
  %fopened = add i64 %fb, %closed
  br label %step
step:
  %fs = phi i64 [ %fclosed, %space ], [ %fopened, %word ]
  %k1 = add i64 %k, 1
  br label %byte
end:
  %pairs = lshr i64 %f0, 1
  ret i64 %pairs
}

define void @hashes(ptr noalias %text, ptr noalias %edges, i64 %n, ptr noalias %out) nounwind {
entry:
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %i8, %body ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %body, label %end
body:
  %i2 = shl i64 %i, 1
  %pe = getelementptr i32, ptr %edges, i64 %i2
  %both = load <16 x i32>, ptr %pe, align 4
  %s32 = shufflevector <16 x i32> %both, <16 x i32> poison, <8 x i32> <i32 0, i32 2, i32 4, i32 6, i32 8, i32 10, i32 12, i32 14>
  %e32 = shufflevector <16 x i32> %both, <16 x i32> poison, <8 x i32> <i32 1, i32 3, i32 5, i32 7, i32 9, i32 11, i32 13, i32 15>
  %at0 = insertelement <8 x i64> poison, i64 %i, i64 0
  %at1 = shufflevector <8 x i64> %at0, <8 x i64> poison, <8 x i32> zeroinitializer
  %at = add <8 x i64> %at1, <i64 0, i64 1, i64 2, i64 3, i64 4, i64 5, i64 6, i64 7>
  %n0 = insertelement <8 x i64> poison, i64 %n, i64 0
  %ns = shufflevector <8 x i64> %n0, <8 x i64> poison, <8 x i32> zeroinitializer
  %real = icmp slt <8 x i64> %at, %ns
  %s = zext <8 x i32> %s32 to <8 x i64>
  %e = zext <8 x i32> %e32 to <8 x i64>
  %len = sub <8 x i64> %e, %s
  %short = icmp ule <8 x i64> %len, EIGHT(8)
  %size = select <8 x i1> %short, <8 x i64> %len, <8 x i64> EIGHT(8)
  %missing = sub <8 x i64> EIGHT(8), %size
  %shift = shl <8 x i64> %missing, EIGHT(3)
  %mask = lshr <8 x i64> EIGHT(-1), %shift
  %ps = getelementptr i8, ptr %text, <8 x i64> %s
  %w = call <8 x i64> @llvm.masked.gather.v8i64.v8p0(<8 x ptr> %ps, i32 1, <8 x i1> %real, <8 x i64> zeroinitializer)
  %wm = and <8 x i64> %w, %mask
  %m0 = mul <8 x i64> %wm, EIGHT(FIRST)
  %e8 = sub <8 x i64> %e, EIGHT(8)
  %pt = getelementptr i8, ptr %text, <8 x i64> %e8
  %long0 = xor <8 x i1> %short, <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true>
  %long = and <8 x i1> %long0, %real
  %tail = call <8 x i64> @llvm.masked.gather.v8i64.v8p0(<8 x ptr> %pt, i32 1, <8 x i1> %long, <8 x i64> zeroinitializer)
  %t1 = mul <8 x i64> %tail, EIGHT(SECOND)
  %t2 = mul <8 x i64> %len, EIGHT(THIRD)
  %t3 = add <8 x i64> %t1, %t2
  %t4 = select <8 x i1> %long, <8 x i64> %t3, <8 x i64> zeroinitializer
  %m = add <8 x i64> %m0, %t4
  %ms = lshr <8 x i64> %m, EIGHT(29)
  %mx = xor <8 x i64> %m, %ms
  %h = mul <8 x i64> %mx, EIGHT(FIRST)
  %po = getelementptr i64, ptr %out, i64 %i
  store <8 x i64> %h, ptr %po, align 8
  %i8 = add i64 %i, 8
  br label %head
end:
  ret void
}

define i64 @runs(ptr noalias %edges, ptr noalias %hashes, i64 %n, ptr noalias %first, i64 %shift, ptr noalias %second,
                 i64 %mask2, ptr noalias %places, ptr noalias %grams) nounwind {
entry:
  %sh0 = insertelement <8 x i64> poison, i64 %shift, i64 0
  %shifts = shufflevector <8 x i64> %sh0, <8 x i64> poison, <8 x i32> zeroinitializer
  %mk0 = insertelement <8 x i64> poison, i64 %mask2, i64 0
  %masks = shufflevector <8 x i64> %mk0, <8 x i64> poison, <8 x i32> zeroinitializer
  %n0 = insertelement <8 x i64> poison, i64 %n, i64 0
  %ns = shufflevector <8 x i64> %n0, <8 x i64> poison, <8 x i32> zeroinitializer
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %i8, %next ]
  %f = phi i64 [ 0, %entry ], [ %f1, %next ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %body, label %end
body:
  %i8 = add i64 %i, 8
  %at0 = insertelement <8 x i64> poison, i64 %i, i64 0
  %at1 = shufflevector <8 x i64> %at0, <8 x i64> poison, <8 x i32> zeroinitializer
  %at = add <8 x i64> %at1, <i64 0, i64 1, i64 2, i64 3, i64 4, i64 5, i64 6, i64 7>
  %real = icmp slt <8 x i64> %at, %ns
  br label %word
word:
  %r = phi i64 [ 0, %body ], [ %r1, %word ]
  %g0 = phi <8 x i64> [ zeroinitializer, %body ], [ %g, %word ]
  %ir = add i64 %i, %r
  %ph = getelementptr i64, ptr %hashes, i64 %ir
  %h = load <8 x i64>, ptr %ph, align 8
  %gs = mul <8 x i64> %g0, EIGHT(SECOND)
  %g = add <8 x i64> %gs, %h
  %r1 = add i64 %r, 1
  %again = icmp ult i64 %r1, GRAM
  br i1 %again, label %word, label %made
made:
  %g29 = lshr <8 x i64> %g, EIGHT(29)
  %gx = xor <8 x i64> %g, %g29
  %gram = mul <8 x i64> %gx, EIGHT(THIRD)
  %slot = lshr <8 x i64> %gram, %shifts
  %pb = getelementptr i64, ptr %first, <8 x i64> %slot
  %b = call <8 x i64> @llvm.masked.gather.v8i64.v8p0(<8 x ptr> %pb, i32 8, <8 x i1> %real, <8 x i64> zeroinitializer)
  %u0 = and <8 x i64> %gram, EIGHT(63)
  %gram6 = lshr <8 x i64> %gram, EIGHT(6)
  %u1 = and <8 x i64> %gram6, EIGHT(63)
  %gram12 = lshr <8 x i64> %gram, EIGHT(12)
  %u2 = and <8 x i64> %gram12, EIGHT(63)
  %v0 = shl <8 x i64> EIGHT(1), %u0
  %v1 = shl <8 x i64> EIGHT(1), %u1
  %v2 = shl <8 x i64> EIGHT(1), %u2
  %v01 = or <8 x i64> %v0, %v1
  %v = or <8 x i64> %v01, %v2
  %bv = and <8 x i64> %b, %v
  %b1 = icmp eq <8 x i64> %bv, %v
  %b8 = bitcast <8 x i1> %b1 to i8
  %any = icmp ne i8 %b8, 0
  br i1 %any, label %known, label %next
known:
  %low = lshr <8 x i64> %gram, EIGHT(MIDDLE)
  %bit2 = and <8 x i64> %low, %masks
  %slot2 = lshr <8 x i64> %bit2, EIGHT(5)
  %pb2 = getelementptr i32, ptr %second, <8 x i64> %slot2
  %c = call <8 x i32> @llvm.masked.gather.v8i32.v8p0(<8 x ptr> %pb2, i32 4, <8 x i1> %b1, <8 x i32> zeroinitializer)
  %cx = zext <8 x i32> %c to <8 x i64>
  %c5 = and <8 x i64> %bit2, EIGHT(31)
  %cs = lshr <8 x i64> %cx, %c5
  %c1 = trunc <8 x i64> %cs to <8 x i1>
  %c8 = bitcast <8 x i1> %c1 to i8
  %found8 = call i8 @llvm.ctpop.i8(i8 %c8)
  %found = zext i8 %found8 to i64
  %i2 = shl i64 %i, 1
  %pe = getelementptr i32, ptr %edges, i64 %i2
  %both = load <16 x i32>, ptr %pe, align 4
  %s32 = shufflevector <16 x i32> %both, <16 x i32> poison, <8 x i32> <i32 0, i32 2, i32 4, i32 6, i32 8, i32 10, i32 12, i32 14>
  %s = zext <8 x i32> %s32 to <8 x i64>
  %away = sub <8 x i64> %s, EIGHT(8)
  %pp = getelementptr i64, ptr %places, i64 %f
  call void @llvm.masked.compressstore.v8i64(<8 x i64> %away, ptr %pp, <8 x i1> %c1)
  %pg = getelementptr i64, ptr %grams, i64 %f
  call void @llvm.masked.compressstore.v8i64(<8 x i64> %gram, ptr %pg, <8 x i1> %c1)
  %f2 = add i64 %f, %found
  br label %next
next:
  %f1 = phi i64 [ %f, %made ], [ %f2, %known ]
  br label %head
end:
  ret i64 %f
}
