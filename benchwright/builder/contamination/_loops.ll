; The loops of a search, in the language of LLVM. ALL(n) stands for a vector of 64 bytes n; FIRST, SECOND, THIRD and
; POWER for the numbers of the hashes, GRAM for the words of a run: see _compiled.py, which puts them in.
; fold: the text as it is compared. First all of ASCII, 64 bytes at once, then what needs a look at its neighbours.
; lines: where lines end, and whether letters are escaped.
; scan: words, their hashes, and the runs of words whose hash both bitmaps know.

declare i64 @llvm.cttz.i64(i64, i1)

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

define i64 @scan(ptr noalias %text, i64 %n, ptr noalias %single, ptr noalias %masks, ptr noalias %bits,
                 i64 %shift, ptr noalias %bits2, i64 %mask2, ptr noalias %ring, ptr noalias %places,
                 ptr noalias %grams) nounwind {
entry:
  %sp = alloca i64
  %found = alloca i64
  %count = alloca i64
  %gp = alloca i64
  %slot = alloca i64
  store i64 -1, ptr %sp
  store i64 0, ptr %found
  store i64 0, ptr %count
  store i64 0, ptr %gp
  store i64 0, ptr %slot
  br label %head
head:
  %i = phi i64 [ 8, %entry ], [ %far, %edge ], [ %k, %byte ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %body, label %end
body:
  %far = add i64 %i, 64
  %pi = getelementptr i8, ptr %text, i64 %i
  %v = load <64 x i8>, ptr %pi, align 1
  %voff = sub <64 x i8> %v, ALL(-32)
  %vin = icmp ult <64 x i8> %voff, ALL(10)
  %signs = bitcast <64 x i1> %vin to i64
  %vspace = icmp ne <64 x i8> %v, ALL(32)
  %inside = bitcast <64 x i1> %vspace to i64
  %none = icmp eq i64 %signs, 0
  br i1 %none, label %fast, label %byte
fast:
  %sf = load i64, ptr %sp
  %openf = icmp sge i64 %sf, 0
  %carry = zext i1 %openf to i64
  %left = shl i64 %inside, 1
  %before = or i64 %left, %carry
  %edges0 = xor i64 %inside, %before
  br label %edge
edge:
  %edges = phi i64 [ %edges0, %fast ], [ %edges1, %edgedone ]
  %some = icmp ne i64 %edges, 0
  br i1 %some, label %turn, label %head
turn:
  %at = call i64 @llvm.cttz.i64(i64 %edges, i1 true)
  %less = sub i64 %edges, 1
  %edges1 = and i64 %edges, %less
  %p = add i64 %i, %at
  %s = load i64, ptr %sp
  %open = icmp sge i64 %s, 0
  br i1 %open, label %closes, label %opens
opens:
  store i64 %p, ptr %sp
  br label %edgedone
closes:
  %h = call i64 @emit(ptr %text, i64 %s, i64 %p, ptr %masks, ptr %bits, i64 %shift, ptr %bits2, i64 %mask2, ptr %ring,
                       ptr %places, ptr %grams, ptr %found, ptr %count, ptr %gp, ptr %slot)
  store i64 -1, ptr %sp
  br label %edgedone
edgedone:
  br label %edge
byte:
  %k = phi i64 [ %i, %body ], [ %k1, %step ], [ %k3, %signend ]
  %less64 = icmp slt i64 %k, %far
  br i1 %less64, label %read, label %head
read:
  %pc = getelementptr i8, ptr %text, i64 %k
  %c = load i8, ptr %pc
  %blank = icmp eq i8 %c, 32
  br i1 %blank, label %space, label %letter
space:
  %s0 = load i64, ptr %sp
  %open0 = icmp sge i64 %s0, 0
  br i1 %open0, label %close0, label %step
close0:
  %h0 = call i64 @emit(ptr %text, i64 %s0, i64 %k, ptr %masks, ptr %bits, i64 %shift, ptr %bits2, i64 %mask2, ptr %ring,
                       ptr %places, ptr %grams, ptr %found, ptr %count, ptr %gp, ptr %slot)
  store i64 -1, ptr %sp
  br label %step
letter:
  %lo = sub i8 %c, -32
  %maybe = icmp ult i8 %lo, 10
  br i1 %maybe, label %look, label %word
look:
  %p1 = getelementptr i8, ptr %pc, i64 1
  %d = load i8, ptr %p1
  %p2 = getelementptr i8, ptr %pc, i64 2
  %f = load i8, ptr %p2
  %dm = and i8 %d, -64
  %fm = and i8 %f, -64
  %dok = icmp eq i8 %dm, -128
  %fok = icmp eq i8 %fm, -128
  %valid = and i1 %dok, %fok
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
  br i1 %alone, label %sign, label %word
sign:
  %s1 = load i64, ptr %sp
  %open1 = icmp sge i64 %s1, 0
  br i1 %open1, label %close1, label %signend
close1:
  %h1 = call i64 @emit(ptr %text, i64 %s1, i64 %k, ptr %masks, ptr %bits, i64 %shift, ptr %bits2, i64 %mask2, ptr %ring,
                       ptr %places, ptr %grams, ptr %found, ptr %count, ptr %gp, ptr %slot)
  br label %signend
signend:
  store i64 -1, ptr %sp
  %k3 = add i64 %k, 3
  %h2 = call i64 @emit(ptr %text, i64 %k, i64 %k3, ptr %masks, ptr %bits, i64 %shift, ptr %bits2, i64 %mask2, ptr %ring,
                       ptr %places, ptr %grams, ptr %found, ptr %count, ptr %gp, ptr %slot)
  br label %byte
word:
  %s2 = load i64, ptr %sp
  %fresh = icmp slt i64 %s2, 0
  %s3 = select i1 %fresh, i64 %k, i64 %s2
  store i64 %s3, ptr %sp
  br label %step
step:
  %k1 = add i64 %k, 1
  br label %byte
end:
  %total = load i64, ptr %found
  ret i64 %total
}

define internal i64 @emit(ptr noalias %text, i64 %s, i64 %e, ptr noalias %masks, ptr noalias %bits, i64 %shift,
                 ptr noalias %bits2, i64 %mask2, ptr noalias %ring, ptr noalias %places, ptr noalias %grams,
                 ptr noalias %found, ptr noalias %count, ptr noalias %gp, ptr noalias %slot) nounwind alwaysinline {
entry:
  %len = sub i64 %e, %s
  %short = icmp ule i64 %len, 8
  %mi = select i1 %short, i64 %len, i64 8
  %pm = getelementptr i64, ptr %masks, i64 %mi
  %mask = load i64, ptr %pm
  %pw = getelementptr i8, ptr %text, i64 %s
  %w = load i64, ptr %pw, align 1
  %wm = and i64 %w, %mask
  %m0 = mul i64 %wm, FIRST
  br i1 %short, label %mixed, label %long
long:
  %e8 = sub i64 %e, 8
  %pl = getelementptr i8, ptr %text, i64 %e8
  %tail = load i64, ptr %pl, align 1
  %t1 = mul i64 %tail, SECOND
  %t2 = mul i64 %len, THIRD
  %t3 = add i64 %t1, %t2
  %m1 = add i64 %m0, %t3
  br label %mixed
mixed:
  %m = phi i64 [ %m0, %entry ], [ %m1, %long ]
  %ms = lshr i64 %m, 29
  %mx = xor i64 %m, %ms
  %h = mul i64 %mx, FIRST
  %k = load i64, ptr %slot
  %ph = getelementptr i64, ptr %ring, i64 %k
  %old = load i64, ptr %ph
  store i64 %h, ptr %ph
  %k5 = add i64 %k, GRAM
  %pp = getelementptr i64, ptr %ring, i64 %k5
  store i64 %s, ptr %pp
  %k1 = add i64 %k, 1
  %wrap = icmp eq i64 %k1, GRAM
  %kn = select i1 %wrap, i64 0, i64 %k1
  store i64 %kn, ptr %slot
  %g0 = load i64, ptr %gp
  %g1 = mul i64 %g0, SECOND
  %gone = mul i64 %old, POWER
  %g2 = add i64 %g1, %h
  %g = sub i64 %g2, %gone
  store i64 %g, ptr %gp
  %n0 = load i64, ptr %count
  %n1 = add i64 %n0, 1
  store i64 %n1, ptr %count
  %full = icmp sge i64 %n1, GRAM
  br i1 %full, label %check, label %end
check:
  %gs = lshr i64 %g, 29
  %gx = xor i64 %g, %gs
  %gram = mul i64 %gx, THIRD
  %bit = lshr i64 %gram, %shift
  %byte = lshr i64 %bit, 3
  %pb = getelementptr i8, ptr %bits, i64 %byte
  %b = load i8, ptr %pb
  %bx = zext i8 %b to i64
  %b7 = and i64 %bit, 7
  %bs = lshr i64 %bx, %b7
  %b1 = and i64 %bs, 1
  %hit = icmp ne i64 %b1, 0
  br i1 %hit, label %second, label %end
second:
  %low = lshr i64 %gram, 8
  %bit2 = and i64 %low, %mask2
  %byte2 = lshr i64 %bit2, 3
  %pb2 = getelementptr i8, ptr %bits2, i64 %byte2
  %c = load i8, ptr %pb2
  %cx = zext i8 %c to i64
  %c7 = and i64 %bit2, 7
  %cs = lshr i64 %cx, %c7
  %c1 = and i64 %cs, 1
  %hit2 = icmp ne i64 %c1, 0
  br i1 %hit2, label %write, label %end
write:
  %f0 = load i64, ptr %found
  %pq = getelementptr i64, ptr %places, i64 %f0
  %kf = add i64 %kn, GRAM
  %pfirst = getelementptr i64, ptr %ring, i64 %kf
  %first = load i64, ptr %pfirst
  %away = sub i64 %first, 8
  store i64 %away, ptr %pq
  %pg = getelementptr i64, ptr %grams, i64 %f0
  store i64 %gram, ptr %pg
  %f1 = add i64 %f0, 1
  store i64 %f1, ptr %found
  br label %end
end:
  ret i64 0
}
