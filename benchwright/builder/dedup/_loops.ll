; The loops of a search for duplicates, in the language of LLVM. FIRST and SECOND stand for the numbers of the hashes,
; GAP for eight separators, TOP for the greatest hash: see _compiled.py, which puts them in.
; letters: for each item its letters, the hashes that it keeps, its sketch, and sums over stem and options.
; alike: of pairs of items those whose lengths and sketches do not speak against them.

declare double @llvm.minnum.f64(double, double)
declare <16 x i64> @llvm.ctpop.v16i64(<16 x i64>)
declare i64 @llvm.vector.reduce.add.v16i64(<16 x i64>)

define internal i64 @hash(ptr %at) nounwind alwaysinline {
  %w = load i64, ptr %at, align 1
  %m = mul i64 %w, FIRST
  %s = lshr i64 %m, 32
  %h = xor i64 %m, %s
  ret i64 %h
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

define i64 @letters(ptr noalias %raw, ptr noalias %bounds, i64 %n, ptr noalias %keep, ptr noalias %buf,
                    ptr noalias %hashes, ptr noalias %owners, ptr noalias %sketch, ptr noalias %stems,
                    ptr noalias %rests, ptr noalias %sizes, ptr noalias %counts, double %kept, double %shown,
                    i64 %brief) nounwind {
entry:
  br label %item
item:
  %i = phi i64 [ 0, %entry ], [ %i1, %next ]
  %f0 = phi i64 [ 0, %entry ], [ %f, %next ]
  %more = icmp slt i64 %i, %n
  br i1 %more, label %stem, label %end
stem:
  %b2 = shl i64 %i, 1
  %pb = getelementptr i64, ptr %bounds, i64 %b2
  %s0 = load i64, ptr %pb
  %pb1 = getelementptr i64, ptr %pb, i64 1
  %o0 = load i64, ptr %pb1
  %pb2 = getelementptr i64, ptr %pb, i64 2
  %e0 = load i64, ptr %pb2
  br label %sloop
sloop:
  %p = phi i64 [ %s0, %stem ], [ %p1, %sbody ]
  %w = phi i64 [ 0, %stem ], [ %w1, %sbody ]
  %sm = icmp slt i64 %p, %o0
  br i1 %sm, label %sbody, label %gap
sbody:
  %pc = getelementptr i8, ptr %raw, i64 %p
  %c = load i8, ptr %pc
  %pw = getelementptr i8, ptr %buf, i64 %w
  store i8 %c, ptr %pw
  %cx = zext i8 %c to i64
  %pk = getelementptr i8, ptr %keep, i64 %cx
  %k = load i8, ptr %pk
  %kx = zext i8 %k to i64
  %w1 = add i64 %w, %kx
  %p1 = add i64 %p, 1
  br label %sloop
gap:
  %pg = getelementptr i8, ptr %buf, i64 %w
  store i64 GAP, ptr %pg, align 1
  %w7 = add i64 %w, 7
  br label %oloop
oloop:
  %q = phi i64 [ %o0, %gap ], [ %q1, %obody ], [ %q2, %opart ]
  %v = phi i64 [ %w7, %gap ], [ %v1, %obody ], [ %v7, %opart ]
  %g = phi i64 [ 2, %gap ], [ %g, %obody ], [ %g1, %opart ]
  %om = icmp slt i64 %q, %e0
  br i1 %om, label %oread, label %close
oread:
  %po = getelementptr i8, ptr %raw, i64 %q
  %co = load i8, ptr %po
  %pv = getelementptr i8, ptr %buf, i64 %v
  %part = icmp eq i8 %co, 30
  br i1 %part, label %opart, label %obody
obody:
  store i8 %co, ptr %pv
  %cox = zext i8 %co to i64
  %pko = getelementptr i8, ptr %keep, i64 %cox
  %ko = load i8, ptr %pko
  %kox = zext i8 %ko to i64
  %v1 = add i64 %v, %kox
  %q1 = add i64 %q, 1
  br label %oloop
opart:
  store i64 GAP, ptr %pv, align 1
  %v7 = add i64 %v, 7
  %g1 = add i64 %g, 1
  %q2 = add i64 %q, 1
  br label %oloop
close:
  %pe = getelementptr i8, ptr %buf, i64 %v
  store i64 GAP, ptr %pe, align 1
  %size = add i64 %v, 7
  %g7 = mul i64 %g, 7
  %count = sub i64 %size, %g7
  %few = icmp slt i64 %count, %brief
  %keptlimit = call i64 @limit(i64 %size, i64 15, double %kept)
  %shownlimit = call i64 @limit(i64 %size, i64 7, double %shown)
  %row = shl i64 %i, 7
  %psk = getelementptr i8, ptr %sketch, i64 %row
  %last8 = sub i64 %size, 8
  %last16 = sub i64 %size, 16
  br label %hloop
hloop:
  %t = phi i64 [ 0, %close ], [ %t1, %hnext ]
  %f = phi i64 [ %f0, %close ], [ %f3, %hnext ]
  %ss = phi i64 [ 0, %close ], [ %ss1, %hnext ]
  %rs = phi i64 [ 0, %close ], [ %rs1, %hnext ]
  %hm = icmp sle i64 %t, %last8
  br i1 %hm, label %hbody, label %next
hbody:
  %pt = getelementptr i8, ptr %buf, i64 %t
  %short = call i64 @hash(ptr %pt)
  %own = icmp slt i64 %t, %w
  %sadd = select i1 %own, i64 %short, i64 0
  %radd = select i1 %own, i64 0, i64 %short
  %ss1 = add i64 %ss, %sadd
  %rs1 = add i64 %rs, %radd
  %m = mul i64 %short, SECOND
  %m32 = lshr i64 %m, 32
  %mixed = xor i64 %m, %m32
  %show = icmp ult i64 %mixed, %shownlimit
  br i1 %show, label %mark, label %longer
mark:
  %h3 = lshr i64 %mixed, 3
  %bit = and i64 %h3, 1023
  %byte = lshr i64 %bit, 3
  %low = and i64 %bit, 7
  %high = sub i64 7, %low
  %high8 = trunc i64 %high to i8
  %flag = shl i8 1, %high8
  %pbyte = getelementptr i8, ptr %psk, i64 %byte
  %old = load i8, ptr %pbyte
  %new = or i8 %old, %flag
  store i8 %new, ptr %pbyte
  %ph = getelementptr i64, ptr %hashes, i64 %f
  store i64 %mixed, ptr %ph
  %pw2 = getelementptr i64, ptr %owners, i64 %f
  store i64 %i, ptr %pw2
  %fewx = zext i1 %few to i64
  %f1 = add i64 %f, %fewx
  br label %longer
longer:
  %f2 = phi i64 [ %f, %hbody ], [ %f1, %mark ]
  %fits = icmp sle i64 %t, %last16
  br i1 %fits, label %long, label %hnext
long:
  %pt8 = getelementptr i8, ptr %pt, i64 8
  %short2 = call i64 @hash(ptr %pt8)
  %l0 = add i64 %m, %short2
  %l29 = lshr i64 %l0, 29
  %lx = xor i64 %l0, %l29
  %l = mul i64 %lx, FIRST
  %ph2 = getelementptr i64, ptr %hashes, i64 %f2
  store i64 %l, ptr %ph2
  %pw3 = getelementptr i64, ptr %owners, i64 %f2
  store i64 %i, ptr %pw3
  %take = icmp ult i64 %l, %keptlimit
  %takex = zext i1 %take to i64
  %fl = add i64 %f2, %takex
  br label %hnext
hnext:
  %f3 = phi i64 [ %f2, %longer ], [ %fl, %long ]
  %t1 = add i64 %t, 1
  br label %hloop
next:
  %pss = getelementptr i64, ptr %stems, i64 %i
  store i64 %ss, ptr %pss
  %prs = getelementptr i64, ptr %rests, i64 %i
  store i64 %rs, ptr %prs
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
