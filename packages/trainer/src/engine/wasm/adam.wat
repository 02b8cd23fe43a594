;; What a training step does to float32 arrays besides the gradients.
;;
;; `adam`: one step of AdamW (Kingma & Ba 2015, Algorithm 1, https://arxiv.org/abs/1412.6980; Loshchilov & Hutter 2019,
;; https://arxiv.org/abs/1711.05101), in place:
;;
;;   g ← gScale·g
;;   m ← β₁·m + (1 − β₁)·g
;;   v ← β₂·v + (1 − β₂)·g·g
;;   p ← keep·p − stepSize·m / (√(v·vScale) + ε)
;;
;; with stepSize = learningRate / (1 − β₁ᵗ), vScale = 1 / (1 − β₂ᵗ), keep = 1 − learningRate·λ and gScale, the factor
;; that clips gradients, from the caller, who has float64. With gScale = keep = 1 it is plain Adam, to the bit.
;;
;; `squares`: the sum of the squares of an array, in float64. `average`: a ← a + rest·(p − a).
;;
;; Sixteen floats at a time, in four vectors, which takes a seventh less time than one vector a round; then the last
;; count mod 16 one by one. Both loops apply the same operations in the same order, and each operation rounds to
;; float32, so an element's result doesn't depend on where it lies. Products of several factors go from left to right:
;; ((1 − β₂)·g)·g and (stepSize·m) / (…).
;;
;; After a change: npx nx run tools:build-wasm
(module
  (import "env" "memory" (memory 1))

  ;; Pointers are byte offsets and must be multiples of 16; `count` is in floats. The four arrays mustn't overlap.
  (func (export "adam")
    (param $params i32) (param $m i32) (param $v i32) (param $grads i32) (param $count i32)
    (param $stepSize f32) (param $beta1 f32) (param $beta2 f32) (param $epsilon f32) (param $vScale f32)
    (param $keep f32) (param $gScale f32)
    (local $keep4 v128) (local $gScale4 v128)
    (local $rest1 f32) (local $rest2 f32) (local $vectorEnd i32) (local $end i32)
    (local $stepSize4 v128) (local $beta14 v128) (local $beta24 v128) (local $epsilon4 v128) (local $vScale4 v128)
    (local $rest14 v128) (local $rest24 v128) (local $g4 v128) (local $m4 v128) (local $v4 v128)
    (local $g1 f32) (local $m1 f32) (local $v1 f32)

    (local.set $rest1 (f32.sub (f32.const 1) (local.get $beta1)))
    (local.set $rest2 (f32.sub (f32.const 1) (local.get $beta2)))

    ;; Both loops count by the pointer into the parameters.
    (local.set $vectorEnd
      (i32.add (local.get $params) (i32.shl (i32.and (local.get $count) (i32.const -16)) (i32.const 2))))
    (local.set $end (i32.add (local.get $params) (i32.shl (local.get $count) (i32.const 2))))

    (local.set $stepSize4 (f32x4.splat (local.get $stepSize)))
    (local.set $beta14 (f32x4.splat (local.get $beta1)))
    (local.set $beta24 (f32x4.splat (local.get $beta2)))
    (local.set $epsilon4 (f32x4.splat (local.get $epsilon)))
    (local.set $vScale4 (f32x4.splat (local.get $vScale)))
    (local.set $keep4 (f32x4.splat (local.get $keep)))
    (local.set $gScale4 (f32x4.splat (local.get $gScale)))
    (local.set $rest14 (f32x4.splat (local.get $rest1)))
    (local.set $rest24 (f32x4.splat (local.get $rest2)))

    (block $vectorsDone
      (loop $vectors
        (br_if $vectorsDone (i32.ge_u (local.get $params) (local.get $vectorEnd)))
        (local.set $g4 (f32x4.mul (local.get $gScale4) (v128.load align=16 (local.get $grads))))

        (local.set $m4
          (f32x4.add
            (f32x4.mul (local.get $beta14) (v128.load align=16 (local.get $m)))
            (f32x4.mul (local.get $rest14) (local.get $g4))))
        (v128.store align=16 (local.get $m) (local.get $m4))

        (local.set $v4
          (f32x4.add
            (f32x4.mul (local.get $beta24) (v128.load align=16 (local.get $v)))
            (f32x4.mul (f32x4.mul (local.get $rest24) (local.get $g4)) (local.get $g4))))
        (v128.store align=16 (local.get $v) (local.get $v4))

        (v128.store align=16 (local.get $params)
          (f32x4.sub
            (f32x4.mul (local.get $keep4) (v128.load align=16 (local.get $params)))
            (f32x4.div
              (f32x4.mul (local.get $stepSize4) (local.get $m4))
              (f32x4.add
                (f32x4.sqrt (f32x4.mul (local.get $v4) (local.get $vScale4)))
                (local.get $epsilon4)))))

        (local.set $g4 (f32x4.mul (local.get $gScale4) (v128.load offset=16 align=16 (local.get $grads))))

        (local.set $m4
          (f32x4.add
            (f32x4.mul (local.get $beta14) (v128.load offset=16 align=16 (local.get $m)))
            (f32x4.mul (local.get $rest14) (local.get $g4))))
        (v128.store offset=16 align=16 (local.get $m) (local.get $m4))

        (local.set $v4
          (f32x4.add
            (f32x4.mul (local.get $beta24) (v128.load offset=16 align=16 (local.get $v)))
            (f32x4.mul (f32x4.mul (local.get $rest24) (local.get $g4)) (local.get $g4))))
        (v128.store offset=16 align=16 (local.get $v) (local.get $v4))

        (v128.store offset=16 align=16 (local.get $params)
          (f32x4.sub
            (f32x4.mul (local.get $keep4) (v128.load offset=16 align=16 (local.get $params)))
            (f32x4.div
              (f32x4.mul (local.get $stepSize4) (local.get $m4))
              (f32x4.add
                (f32x4.sqrt (f32x4.mul (local.get $v4) (local.get $vScale4)))
                (local.get $epsilon4)))))

        (local.set $g4 (f32x4.mul (local.get $gScale4) (v128.load offset=32 align=16 (local.get $grads))))

        (local.set $m4
          (f32x4.add
            (f32x4.mul (local.get $beta14) (v128.load offset=32 align=16 (local.get $m)))
            (f32x4.mul (local.get $rest14) (local.get $g4))))
        (v128.store offset=32 align=16 (local.get $m) (local.get $m4))

        (local.set $v4
          (f32x4.add
            (f32x4.mul (local.get $beta24) (v128.load offset=32 align=16 (local.get $v)))
            (f32x4.mul (f32x4.mul (local.get $rest24) (local.get $g4)) (local.get $g4))))
        (v128.store offset=32 align=16 (local.get $v) (local.get $v4))

        (v128.store offset=32 align=16 (local.get $params)
          (f32x4.sub
            (f32x4.mul (local.get $keep4) (v128.load offset=32 align=16 (local.get $params)))
            (f32x4.div
              (f32x4.mul (local.get $stepSize4) (local.get $m4))
              (f32x4.add
                (f32x4.sqrt (f32x4.mul (local.get $v4) (local.get $vScale4)))
                (local.get $epsilon4)))))

        (local.set $g4 (f32x4.mul (local.get $gScale4) (v128.load offset=48 align=16 (local.get $grads))))

        (local.set $m4
          (f32x4.add
            (f32x4.mul (local.get $beta14) (v128.load offset=48 align=16 (local.get $m)))
            (f32x4.mul (local.get $rest14) (local.get $g4))))
        (v128.store offset=48 align=16 (local.get $m) (local.get $m4))

        (local.set $v4
          (f32x4.add
            (f32x4.mul (local.get $beta24) (v128.load offset=48 align=16 (local.get $v)))
            (f32x4.mul (f32x4.mul (local.get $rest24) (local.get $g4)) (local.get $g4))))
        (v128.store offset=48 align=16 (local.get $v) (local.get $v4))

        (v128.store offset=48 align=16 (local.get $params)
          (f32x4.sub
            (f32x4.mul (local.get $keep4) (v128.load offset=48 align=16 (local.get $params)))
            (f32x4.div
              (f32x4.mul (local.get $stepSize4) (local.get $m4))
              (f32x4.add
                (f32x4.sqrt (f32x4.mul (local.get $v4) (local.get $vScale4)))
                (local.get $epsilon4)))))

        (local.set $params (i32.add (local.get $params) (i32.const 64)))
        (local.set $m (i32.add (local.get $m) (i32.const 64)))
        (local.set $v (i32.add (local.get $v) (i32.const 64)))
        (local.set $grads (i32.add (local.get $grads) (i32.const 64)))
        (br $vectors)))

    (block $tailDone
      (loop $tail
        (br_if $tailDone (i32.ge_u (local.get $params) (local.get $end)))
        (local.set $g1 (f32.mul (local.get $gScale) (f32.load (local.get $grads))))

        (local.set $m1
          (f32.add
            (f32.mul (local.get $beta1) (f32.load (local.get $m)))
            (f32.mul (local.get $rest1) (local.get $g1))))
        (f32.store (local.get $m) (local.get $m1))

        (local.set $v1
          (f32.add
            (f32.mul (local.get $beta2) (f32.load (local.get $v)))
            (f32.mul (f32.mul (local.get $rest2) (local.get $g1)) (local.get $g1))))
        (f32.store (local.get $v) (local.get $v1))

        (f32.store (local.get $params)
          (f32.sub
            (f32.mul (local.get $keep) (f32.load (local.get $params)))
            (f32.div
              (f32.mul (local.get $stepSize) (local.get $m1))
              (f32.add (f32.sqrt (f32.mul (local.get $v1) (local.get $vScale))) (local.get $epsilon)))))

        (local.set $params (i32.add (local.get $params) (i32.const 4)))
        (local.set $m (i32.add (local.get $m) (i32.const 4)))
        (local.set $v (i32.add (local.get $v) (i32.const 4)))
        (local.set $grads (i32.add (local.get $grads) (i32.const 4)))
        (br $tail))))

  ;; `count` is a multiple of 4 here and below: the gaps between parameters make it so.
  (func (export "squares") (param $values i32) (param $count i32) (result f64)
    (local $end i32) (local $four v128) (local $sum v128)
    (local.set $end (i32.add (local.get $values) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (local.set $four (v128.load align=16 (local.get $values)))
        (local.set $sum
          (f64x2.add
            (f64x2.add
              (local.get $sum)
              (f64x2.mul
                (f64x2.promote_low_f32x4 (local.get $four))
                (f64x2.promote_low_f32x4 (local.get $four))))
            (f64x2.mul
              (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $four) (local.get $four)))
              (f64x2.promote_low_f32x4 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $four) (local.get $four))))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (br $next)))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))

  (func (export "average") (param $average i32) (param $params i32) (param $count i32) (param $rest f32)
    (local $end i32) (local $rest4 v128) (local $a4 v128)
    (local.set $rest4 (f32x4.splat (local.get $rest)))
    (local.set $end (i32.add (local.get $average) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $average) (local.get $end)))
        (local.set $a4 (v128.load align=16 (local.get $average)))
        (v128.store align=16 (local.get $average)
          (f32x4.add
            (local.get $a4)
            (f32x4.mul (f32x4.sub (v128.load align=16 (local.get $params)) (local.get $a4)) (local.get $rest4))))
        (local.set $average (i32.add (local.get $average) (i32.const 16)))
        (local.set $params (i32.add (local.get $params) (i32.const 16)))
        (br $next)))))
