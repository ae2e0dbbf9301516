; The loops of a search for duplicates, in the language of LLVM. ALL(n) stands for a vector of eight numbers n, BYTES(n)
; for one of 64 bytes; FIRST and SECOND for the numbers of the hashes, GAP for eight separators, TOP for the greatest
; hash; COPIED for one of two ways to copy letters: see _compiled.py.
; letters: for each item its letters, the hashes that it keeps, its sketch, and sums over stem and options.
; alike: of pairs of items those whose lengths and sketches do not speak against them.
; packed: hashes with their texts in the lower bits.
; shared: of hashes in order those of several texts, each by its text; rarest: of hashes by text the rarest of each.

declare double @llvm.minnum.f64(double, double)
declare i64 @llvm.umin.i64(i64, i64)
declare i64 @llvm.cttz.i64(i64, i1)
declare i64 @llvm.ctpop.i64(i64)
declare void @llvm.masked.compressstore.v8i64(<8 x i64>, ptr, <8 x i1>)
declare void @llvm.masked.compressstore.v64i8(<64 x i8>, ptr, <64 x i1>)
declare i64 @llvm.vector.reduce.add.v8i64(<8 x i64>)
declare <16 x i64> @llvm.ctpop.v16i64(<16 x i64>)
declare i64 @llvm.vector.reduce.add.v16i64(<16 x i64>)

; The hashes of the eight bytes at each of eight places.
define internal <8 x i64> @eight(ptr %at) nounwind alwaysinline {
  %b = load <16 x i8>, ptr %at, align 1
  %s = shufflevector <16 x i8> %b, <16 x i8> poison, <64 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14>
  %w = bitcast <64 x i8> %s to <8 x i64>
  %m = mul <8 x i64> %w, ALL(FIRST)
  %r = lshr <8 x i64> %m, ALL(32)
  %h = xor <8 x i64> %m, %r
  ret <8 x i64> %h
}

define internal i64 @limit(i64 %size, i64 %less, double %kept) nounwind alwaysinline {
  %d0 = sub i64 %size, %less
  %one = icmp sgt i64 %d0, 1
  %d1 = select i1 %one, i64 %d0, i64 1
  %d = sitofp i64 %d1 to double
  %q = fdiv double %kept, %d
  %share = call double @llvm.minnum.f64(double %q, double 1.0)
  %f = fmul double %share, TOP
  %u = fptoui double %f to i64
  ret i64 %u
}

; The letters of a stretch, small ones; returns behind which byte of the buffer they end.
; Kinds of bytes: 0 is dropped, 1 kept, 2 and 3 begin letters of so many bytes that may be capitals, 4 parts options.
define internal i64 @gathered(ptr noalias %raw, i64 %from, i64 %to, ptr noalias %buf, i64 %w0, ptr noalias %kinds,
                            ptr noalias %wide, ptr noalias %gaps) nounwind alwaysinline {
entry:
  br label %head
head:
  %p0 = phi i64 [ %from, %entry ], [ %p, %run ], [ %p1, %plain ], [ %p2, %letter ], [ %p1, %gap ]
  %w1 = phi i64 [ %w0, %entry ], [ %w, %run ], [ %w2, %plain ], [ %wl, %letter ], [ %w7, %gap ]
  %more = icmp slt i64 %p0, %to
  br i1 %more, label %run, label %end
run:
  %pv = getelementptr i8, ptr %raw, i64 %p0
  %v = load <64 x i8>, ptr %pv, align 1
  %low = or <64 x i8> %v, BYTES(32)
  %a = sub <64 x i8> %low, BYTES(97)
  %alpha = icmp ult <64 x i8> %a, BYTES(26)
  %z = sub <64 x i8> %v, BYTES(48)
  %digit = icmp ult <64 x i8> %z, BYTES(10)
  %beyond = icmp slt <64 x i8> %v, BYTES(0)
  %k0 = or <64 x i1> %alpha, %digit
  %keep = or <64 x i1> %k0, %beyond
  %made = select <64 x i1> %alpha, <64 x i8> %low, <64 x i8> %v
  ; Bytes C3 to D5, E1, E2, EA and EF may begin a capital.
  %c3 = sub <64 x i8> %v, BYTES(-61)
  %twos = icmp ult <64 x i8> %c3, BYTES(19)
  %e1 = sub <64 x i8> %v, BYTES(-31)
  %threes = icmp ult <64 x i8> %e1, BYTES(2)
  %ea = icmp eq <64 x i8> %v, BYTES(-22)
  %ef = icmp eq <64 x i8> %v, BYTES(-17)
  %parts = icmp eq <64 x i8> %v, BYTES(30)
  %n0 = or <64 x i1> %twos, %threes
  %n1 = or <64 x i1> %ea, %ef
  %n2 = or <64 x i1> %n0, %n1
  %n3 = or <64 x i1> %n2, %parts
  %stops0 = bitcast <64 x i1> %n3 to i64
  %rest = sub i64 %to, %p0
  %longer = icmp sge i64 %rest, 64
  %beforerest = shl i64 -1, %rest
  %out = select i1 %longer, i64 0, i64 %beforerest
  %stops = or i64 %stops0, %out
  %n = call i64 @llvm.cttz.i64(i64 %stops, i1 false)
  %all = icmp eq i64 %n, 64
  %bits = shl i64 1, %n
  %bits1 = sub i64 %bits, 1
  %mask = select i1 %all, i64 -1, i64 %bits1
  %keepbits = bitcast <64 x i1> %keep to i64
  %kept = and i64 %keepbits, %mask
  %keptmask = bitcast i64 %kept to <64 x i1>
  %pw0 = getelementptr i8, ptr %buf, i64 %w1
  call void @llvm.masked.compressstore.v64i8(<64 x i8> %made, ptr %pw0, <64 x i1> %keptmask)
  %count = call i64 @llvm.ctpop.i64(i64 %kept)
  %w = add i64 %w1, %count
  %p = add i64 %p0, %n
  %inside = icmp slt i64 %p, %to
  %notall = xor i1 %all, true
  %stopped = and i1 %inside, %notall
  br i1 %stopped, label %body, label %head
body:
  %pc = getelementptr i8, ptr %raw, i64 %p
  %c = load i8, ptr %pc
  %cx = zext i8 %c to i64
  %pk = getelementptr i8, ptr %kinds, i64 %cx
  %k = load i8, ptr %pk
  %kx = zext i8 %k to i64
  %p1 = add i64 %p, 1
  %pw = getelementptr i8, ptr %buf, i64 %w
  %common = icmp ult i8 %k, 2
  br i1 %common, label %plain, label %other
plain:
  store i8 %c, ptr %pw
  %w2 = add i64 %w, %kx
  br label %head
other:
  %part = icmp eq i8 %k, 4
  br i1 %part, label %gap, label %several
gap:
  store i64 GAP, ptr %pw, align 1
  %w7 = add i64 %w, 7
  %g = load i64, ptr %gaps
  %g1 = add i64 %g, 1
  store i64 %g1, ptr %gaps
  br label %head
several:
  %pd = getelementptr i8, ptr %pc, i64 1
  %d = load i8, ptr %pd
  %dx = zext i8 %d to i64
  %d6 = and i64 %dx, 63
  %two = icmp eq i8 %k, 2
  br i1 %two, label %short, label %long
short:
  %c5 = and i64 %cx, 31
  %c56 = shl i64 %c5, 6
  %code2 = or i64 %c56, %d6
  br label %letter
long:
  %pf = getelementptr i8, ptr %pc, i64 2
  %f = load i8, ptr %pf
  %fx = zext i8 %f to i64
  %f6 = and i64 %fx, 63
  %c4 = and i64 %cx, 15
  %c412 = shl i64 %c4, 12
  %d66 = shl i64 %d6, 6
  %cd = or i64 %c412, %d66
  %code3 = or i64 %cd, %f6
  br label %letter
letter:
  %code = phi i64 [ %code2, %short ], [ %code3, %long ]
  %pe = getelementptr i32, ptr %wide, i64 %code
  %e = load i32, ptr %pe
  store i32 %e, ptr %pw, align 1
  %size = lshr i32 %e, 24
  %sx = zext i32 %size to i64
  %wl = add i64 %w, %sx
  %p2 = add i64 %p, %kx
  br label %head
end:
  ret i64 %w1
}

; The same byte by byte, for processors that cannot gather bytes of a vector.
define internal i64 @single(ptr noalias %raw, i64 %from, i64 %to, ptr noalias %buf, i64 %w0, ptr noalias %kinds,
                            ptr noalias %wide, ptr noalias %gaps) nounwind alwaysinline {
entry:
  br label %head
head:
  %p = phi i64 [ %from, %entry ], [ %p1, %plain ], [ %p2, %letter ], [ %p1, %gap ]
  %w = phi i64 [ %w0, %entry ], [ %w1, %plain ], [ %wl, %letter ], [ %w7, %gap ]
  %more = icmp slt i64 %p, %to
  br i1 %more, label %body, label %end
body:
  %pc = getelementptr i8, ptr %raw, i64 %p
  %c = load i8, ptr %pc
  %cx = zext i8 %c to i64
  %pk = getelementptr i8, ptr %kinds, i64 %cx
  %k = load i8, ptr %pk
  %kx = zext i8 %k to i64
  %p1 = add i64 %p, 1
  %pw = getelementptr i8, ptr %buf, i64 %w
  %common = icmp ult i8 %k, 2
  br i1 %common, label %plain, label %other
plain:
  %up = sub i8 %c, 65
  %capital = icmp ult i8 %up, 26
  %low = or i8 %c, 32
  %small = select i1 %capital, i8 %low, i8 %c
  store i8 %small, ptr %pw
  %w1 = add i64 %w, %kx
  br label %head
other:
  %part = icmp eq i8 %k, 4
  br i1 %part, label %gap, label %several
gap:
  store i64 GAP, ptr %pw, align 1
  %w7 = add i64 %w, 7
  %g = load i64, ptr %gaps
  %g1 = add i64 %g, 1
  store i64 %g1, ptr %gaps
  br label %head
several:
  %pd = getelementptr i8, ptr %pc, i64 1
  %d = load i8, ptr %pd
  %dx = zext i8 %d to i64
  %d6 = and i64 %dx, 63
  %two = icmp eq i8 %k, 2
  br i1 %two, label %short, label %long
short:
  %c5 = and i64 %cx, 31
  %c56 = shl i64 %c5, 6
  %code2 = or i64 %c56, %d6
  br label %letter
long:
  %pf = getelementptr i8, ptr %pc, i64 2
  %f = load i8, ptr %pf
  %fx = zext i8 %f to i64
  %f6 = and i64 %fx, 63
  %c4 = and i64 %cx, 15
  %c412 = shl i64 %c4, 12
  %d66 = shl i64 %d6, 6
  %cd = or i64 %c412, %d66
  %code3 = or i64 %cd, %f6
  br label %letter
letter:
  %code = phi i64 [ %code2, %short ], [ %code3, %long ]
  %pe = getelementptr i32, ptr %wide, i64 %code
  %e = load i32, ptr %pe
  store i32 %e, ptr %pw, align 1
  %size = lshr i32 %e, 24
  %sx = zext i32 %size to i64
  %wl = add i64 %w, %sx
  %p2 = add i64 %p, %kx
  br label %head
end:
  ret i64 %w
}

define i64 @letters(ptr noalias %raw, ptr noalias %bounds, i64 %n, ptr noalias %kinds, ptr noalias %wide,
                    ptr noalias %buf, ptr noalias %marks, ptr noalias %hashes, ptr noalias %owners, ptr noalias %sketch,
                    ptr noalias %stems, ptr noalias %rests, ptr noalias %sizes, ptr noalias %counts, double %kept,
                    double %shown, i64 %brief) nounwind {
entry:
  %gaps = alloca i64
  br label %item
item:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  %f0 = phi i64 [ 0, %entry ], [ %fm, %next ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %texts, label %end
texts:
  %b2 = shl i64 %i, 1
  %pb = getelementptr i64, ptr %bounds, i64 %b2
  %s0 = load i64, ptr %pb
  %pb1 = getelementptr i64, ptr %pb, i64 1
  %o0 = load i64, ptr %pb1
  %pb2 = getelementptr i64, ptr %pb, i64 2
  %e0 = load i64, ptr %pb2
  store i64 2, ptr %gaps
  %w = call i64 @COPIED(ptr %raw, i64 %s0, i64 %o0, ptr %buf, i64 0, ptr %kinds, ptr %wide, ptr %gaps)
  %pg = getelementptr i8, ptr %buf, i64 %w
  store i64 GAP, ptr %pg, align 1
  %w7 = add i64 %w, 7
  %v = call i64 @COPIED(ptr %raw, i64 %o0, i64 %e0, ptr %buf, i64 %w7, ptr %kinds, ptr %wide, ptr %gaps)
  %pe = getelementptr i8, ptr %buf, i64 %v
  store i64 GAP, ptr %pe, align 1
  %size = add i64 %v, 7
  %g = load i64, ptr %gaps
  %g7 = mul i64 %g, 7
  %count = sub i64 %size, %g7
  %few = icmp slt i64 %count, %brief
  %fewx = zext i1 %few to i64
  %keptlimit0 = call i64 @limit(i64 %size, i64 15, double %kept)
  %shownlimit0 = call i64 @limit(i64 %size, i64 7, double %shown)
  %kl0 = insertelement <8 x i64> poison, i64 %keptlimit0, i64 0
  %keptlimit = shufflevector <8 x i64> %kl0, <8 x i64> poison, <8 x i32> zeroinitializer
  %sl0 = insertelement <8 x i64> poison, i64 %shownlimit0, i64 0
  %shownlimit = shufflevector <8 x i64> %sl0, <8 x i64> poison, <8 x i32> zeroinitializer
  %row = shl i64 %i, 7
  %psk = getelementptr i8, ptr %sketch, i64 %row
  %last8 = sub i64 %size, 8
  %l80 = insertelement <8 x i64> poison, i64 %last8, i64 0
  %last8s = shufflevector <8 x i64> %l80, <8 x i64> poison, <8 x i32> zeroinitializer
  %last16s = sub <8 x i64> %last8s, ALL(8)
  %w0 = insertelement <8 x i64> poison, i64 %w, i64 0
  %ws = shufflevector <8 x i64> %w0, <8 x i64> poison, <8 x i32> zeroinitializer
  %firsts = call <8 x i64> @eight(ptr %buf)
  br label %hloop
hloop:
  %t = phi i64 [ 0, %texts ], [ %t8, %hbody ]
  %ft = phi i64 [ %f0, %texts ], [ %ft1, %hbody ]
  %fs = phi i64 [ 0, %texts ], [ %fs1, %hbody ]
  %short = phi <8 x i64> [ %firsts, %texts ], [ %after, %hbody ]
  %ss = phi <8 x i64> [ zeroinitializer, %texts ], [ %ss1, %hbody ]
  %rs = phi <8 x i64> [ zeroinitializer, %texts ], [ %rs1, %hbody ]
  %hm = icmp sle i64 %t, %last8
  br i1 %hm, label %hbody, label %marked
hbody:
  %t8 = add i64 %t, 8
  %pt8 = getelementptr i8, ptr %buf, i64 %t8
  %after = call <8 x i64> @eight(ptr %pt8)
  %t0 = insertelement <8 x i64> poison, i64 %t, i64 0
  %ts = shufflevector <8 x i64> %t0, <8 x i64> poison, <8 x i32> zeroinitializer
  %at = add <8 x i64> %ts, <i64 0, i64 1, i64 2, i64 3, i64 4, i64 5, i64 6, i64 7>
  %fits8 = icmp sle <8 x i64> %at, %last8s
  %fits16 = icmp sle <8 x i64> %at, %last16s
  %own = icmp slt <8 x i64> %at, %ws
  %whole = select <8 x i1> %fits8, <8 x i64> %short, <8 x i64> zeroinitializer
  %sadd = select <8 x i1> %own, <8 x i64> %whole, <8 x i64> zeroinitializer
  %radd = select <8 x i1> %own, <8 x i64> zeroinitializer, <8 x i64> %whole
  %ss1 = add <8 x i64> %ss, %sadd
  %rs1 = add <8 x i64> %rs, %radd
  %m = mul <8 x i64> %short, ALL(SECOND)
  %m32 = lshr <8 x i64> %m, ALL(32)
  %mixed = xor <8 x i64> %m, %m32
  %low = icmp ult <8 x i64> %mixed, %shownlimit
  %show = and <8 x i1> %low, %fits8
  %l0 = add <8 x i64> %m, %after
  %l29 = lshr <8 x i64> %l0, ALL(29)
  %lx = xor <8 x i64> %l0, %l29
  %l = mul <8 x i64> %lx, ALL(FIRST)
  %lowl = icmp ult <8 x i64> %l, %keptlimit
  %take = and <8 x i1> %lowl, %fits16
  %show8 = bitcast <8 x i1> %show to i8
  %shows = zext i8 %show8 to i64
  %take8 = bitcast <8 x i1> %take to i8
  %takes = zext i8 %take8 to i64
  %pm = getelementptr i64, ptr %marks, i64 %fs
  call void @llvm.masked.compressstore.v8i64(<8 x i64> %mixed, ptr %pm, <8 x i1> %show)
  %marked8 = call i64 @llvm.ctpop.i64(i64 %shows)
  %fs1 = add i64 %fs, %marked8
  %ph = getelementptr i64, ptr %hashes, i64 %ft
  call void @llvm.masked.compressstore.v8i64(<8 x i64> %l, ptr %ph, <8 x i1> %take)
  %taken8 = call i64 @llvm.ctpop.i64(i64 %takes)
  %ft1 = add i64 %ft, %taken8
  br label %hloop
marked:
  %j = phi i64 [ 0, %hloop ], [ %j1, %mark ]
  %fm = phi i64 [ %ft, %hloop ], [ %fm1, %mark ]
  %anyj = icmp slt i64 %j, %fs
  br i1 %anyj, label %mark, label %owned
mark:
  %pj = getelementptr i64, ptr %marks, i64 %j
  %mh = load i64, ptr %pj
  %h3 = lshr i64 %mh, 3
  %bit = and i64 %h3, 1023
  %byte = lshr i64 %bit, 3
  %lowb = and i64 %bit, 7
  %high = sub i64 7, %lowb
  %high8 = trunc i64 %high to i8
  %flag = shl i8 1, %high8
  %pbyte = getelementptr i8, ptr %psk, i64 %byte
  %old = load i8, ptr %pbyte
  %new = or i8 %old, %flag
  store i8 %new, ptr %pbyte
  %phm = getelementptr i64, ptr %hashes, i64 %fm
  store i64 %mh, ptr %phm
  %fm1 = add i64 %fm, %fewx
  %j1 = add i64 %j, 1
  br label %marked
owned:
  %o = phi i64 [ %f0, %marked ], [ %o1, %own1 ]
  %anyo = icmp slt i64 %o, %fm
  br i1 %anyo, label %own1, label %next
own1:
  %pown = getelementptr i64, ptr %owners, i64 %o
  store i64 %i, ptr %pown
  %o1 = add i64 %o, 1
  br label %owned
next:
  %sst = call i64 @llvm.vector.reduce.add.v8i64(<8 x i64> %ss)
  %rst = call i64 @llvm.vector.reduce.add.v8i64(<8 x i64> %rs)
  %pss = getelementptr i64, ptr %stems, i64 %i
  store i64 %sst, ptr %pss
  %prs = getelementptr i64, ptr %rests, i64 %i
  store i64 %rst, ptr %prs
  %psz = getelementptr i64, ptr %sizes, i64 %i
  store i64 %size, ptr %psz
  %pct = getelementptr i64, ptr %counts, i64 %i
  store i64 %count, ptr %pct
  %i1 = add i64 %i, 1
  br label %item
end:
  ret i64 %f0
}

define void @alike(ptr noalias %pairs, i64 %n, ptr noalias %sizes, ptr noalias %sketch, double %common,
                   double %lengths, ptr noalias %out) nounwind {
entry:
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %body, label %end
body:
  %pp = getelementptr i64, ptr %pairs, i64 %i
  %pair = load i64, ptr %pp
  %a = lshr i64 %pair, 32
  %b = and i64 %pair, 4294967295
  %pa = getelementptr i32, ptr %sizes, i64 %a
  %pb = getelementptr i32, ptr %sizes, i64 %b
  %sa = load i32, ptr %pa
  %sb = load i32, ptr %pb
  %less = icmp slt i32 %sa, %sb
  %short = select i1 %less, i32 %sa, i32 %sb
  %long = select i1 %less, i32 %sb, i32 %sa
  %sd = sitofp i32 %short to double
  %ld = sitofp i32 %long to double
  %min = fmul double %ld, %lengths
  %fits = fcmp oge double %sd, %min
  %po = getelementptr i8, ptr %out, i64 %i
  br i1 %fits, label %look, label %no
look:
  %ra = shl i64 %a, 7
  %rb = shl i64 %b, 7
  %qa = getelementptr i8, ptr %sketch, i64 %ra
  %qb = getelementptr i8, ptr %sketch, i64 %rb
  %va = load <16 x i64>, ptr %qa, align 1
  %vb = load <16 x i64>, ptr %qb, align 1
  %vc = and <16 x i64> %va, %vb
  %ca = call <16 x i64> @llvm.ctpop.v16i64(<16 x i64> %va)
  %cb = call <16 x i64> @llvm.ctpop.v16i64(<16 x i64> %vb)
  %cc = call <16 x i64> @llvm.ctpop.v16i64(<16 x i64> %vc)
  %na = call i64 @llvm.vector.reduce.add.v16i64(<16 x i64> %ca)
  %nb = call i64 @llvm.vector.reduce.add.v16i64(<16 x i64> %cb)
  %nc = call i64 @llvm.vector.reduce.add.v16i64(<16 x i64> %cc)
  %fewer = icmp slt i64 %na, %nb
  %least = select i1 %fewer, i64 %na, i64 %nb
  %leastd = sitofp i64 %least to double
  %need = fmul double %leastd, %common
  %bothd = sitofp i64 %nc to double
  %enough = fcmp oge double %bothd, %need
  %yes = zext i1 %enough to i8
  store i8 %yes, ptr %po
  br label %next
no:
  store i8 0, ptr %po
  br label %next
next:
  %i1 = add i64 %i, 1
  br label %head
end:
  ret void
}

define i64 @shared(ptr noalias %values, i64 %n, i64 %bits, i64 %known) nounwind {
entry:
  %one = shl i64 1, %bits
  %mask = sub i64 %one, 1
  %up = sub i64 64, %bits
  %up6 = sub i64 58, %bits
  %down = add i64 %bits, 6
  br label %run
run:
  %i = phi i64 [ 0, %entry ], [ %j, %single ], [ %j, %write ]
  %f0 = phi i64 [ 0, %entry ], [ %f0, %single ], [ %f, %write ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %first, label %end
first:
  %pi = getelementptr i64, ptr %values, i64 %i
  %v0 = load i64, ptr %pi
  %hash = lshr i64 %v0, %bits
  %i1 = add i64 %i, 1
  br label %grow
grow:
  %j = phi i64 [ %i1, %first ], [ %j1, %longer ]
  %c = phi i64 [ 1, %first ], [ %c1, %longer ]
  %before = phi i64 [ %v0, %first ], [ %v, %longer ]
  %inside = icmp slt i64 %j, %n
  br i1 %inside, label %look, label %told
look:
  %pj = getelementptr i64, ptr %values, i64 %j
  %v = load i64, ptr %pj
  %other = lshr i64 %v, %bits
  %same = icmp eq i64 %other, %hash
  br i1 %same, label %longer, label %told
longer:
  %new = icmp ne i64 %v, %before
  %newx = zext i1 %new to i64
  %c1 = add i64 %c, %newx
  %j1 = add i64 %j, 1
  br label %grow
told:
  %alone = icmp eq i64 %c, 1
  br i1 %alone, label %single, label %several
single:
  br label %run
several:
  %rare = call i64 @llvm.umin.i64(i64 %c, i64 %known)
  %rarity = shl i64 %rare, %up6
  br label %write
write:
  %k = phi i64 [ %i, %several ], [ %k1, %written ]
  %f = phi i64 [ %f0, %several ], [ %f1, %written ]
  %last = phi i64 [ -1, %several ], [ %owner, %written ]
  %left = icmp slt i64 %k, %j
  br i1 %left, label %written, label %run
written:
  %pk = getelementptr i64, ptr %values, i64 %k
  %vk = load i64, ptr %pk
  %owner = and i64 %vk, %mask
  %a = shl i64 %owner, %up
  %b = or i64 %a, %rarity
  %d = lshr i64 %vk, %down
  %key = or i64 %b, %d
  %pf = getelementptr i64, ptr %values, i64 %f
  store i64 %key, ptr %pf
  %fresh = icmp ne i64 %owner, %last
  %freshx = zext i1 %fresh to i64
  %f1 = add i64 %f, %freshx
  %k1 = add i64 %k, 1
  br label %write
end:
  ret i64 %f0
}

define i64 @rarest(ptr noalias %keys, i64 %n, i64 %bits, i64 %few) nounwind {
entry:
  %up = sub i64 64, %bits
  %up6 = sub i64 58, %bits
  %one = shl i64 1, %up6
  %mask = sub i64 %one, 1
  %back = add i64 %bits, 6
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %i1, %body ]
  %f = phi i64 [ 0, %entry ], [ %f1, %body ]
  %before = phi i64 [ -1, %entry ], [ %text, %body ]
  %rank = phi i64 [ 0, %entry ], [ %rank2, %body ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %body, label %end
body:
  %pi = getelementptr i64, ptr %keys, i64 %i
  %key = load i64, ptr %pi
  %text = lshr i64 %key, %up
  %same = icmp eq i64 %text, %before
  %rank1 = select i1 %same, i64 %rank, i64 0
  %rank2 = add i64 %rank1, 1
  %hash = and i64 %key, %mask
  %h = shl i64 %hash, %back
  %made = or i64 %h, %text
  %pf = getelementptr i64, ptr %keys, i64 %f
  store i64 %made, ptr %pf
  %keep = icmp slt i64 %rank1, %few
  %keepx = zext i1 %keep to i64
  %f1 = add i64 %f, %keepx
  %i1 = add i64 %i, 1
  br label %head
end:
  ret i64 %f
}

define void @packed(ptr noalias %hashes, ptr noalias %owners, ptr noalias %places, i64 %n, i64 %bits,
                    ptr noalias %out) nounwind {
entry:
  %mask = shl i64 -1, %bits
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %i1, %body ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %body, label %end
body:
  %ph = getelementptr i64, ptr %hashes, i64 %i
  %h = load i64, ptr %ph
  %m = mul i64 %h, SECOND
  %high = and i64 %m, %mask
  %po = getelementptr i64, ptr %owners, i64 %i
  %o = load i64, ptr %po
  %pp = getelementptr i64, ptr %places, i64 %o
  %p = load i64, ptr %pp
  %v = or i64 %high, %p
  %pv = getelementptr i64, ptr %out, i64 %i
  store i64 %v, ptr %pv
  %i1 = add i64 %i, 1
  br label %head
end:
  ret void
}
