// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Barriers, control flow, special registers, carry chains, and copies that must change nothing.

use super::{buffer, each, random_bytes};
use crate::case::{word, Arg, Buffers, Effort, Launch};
use crate::expect::Expect;
use crate::template::{table, Params};
use crate::types::Type;
use ix_isa_tests::random::Random;
use ix_isa_tests::values::{random, Role};

const THREADS: usize = 128;
const U64: Type = Type { width: 64, ..Type::U32 };
const U8: Type = Type { width: 8, ..Type::U32 };

/// Words of a block's threads.
fn words(effort: Effort, name: &str, count: usize) -> Vec<u32> {
    let mut r = Random::new(effort.seed, name);
    (0..count).map(|_| random(Role::Value(ix_hw::isa::Type::U32), &mut r) as u32).collect()
}

/// A launch of `k(in, out)` with a word for each of 128 threads.
fn map_words(effort: Effort, name: &str, f: impl Fn(&[u32], usize) -> Option<u32>) -> Vec<Launch> {
    let input = words(effort, name, THREADS);
    // Where nothing is stored, there is what was there before.
    let expected = (0..THREADS).map(|t| Expect::Bits(f(&input, t).unwrap_or(0).into())).collect();
    let args = vec![Arg::words32(&input), Arg::words32(&[0; THREADS])];
    let check = each(1, Type::U32, expected, move |t| format!("thread {t}, x {:#x}", input[t]));
    vec![Launch::new("k", 1, THREADS as u32, args, check)]
}

/// Thread t gets the word of thread (7 t + 3) mod 128.
pub fn exchange(_: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    Ok(map_words(effort, "exchange", |x, t| Some(x[(7 * t + 3) % THREADS])))
}

/// The upper half gets the words of the lower one.
pub fn produce(_: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    Ok(map_words(effort, "produce", |x, t| Some(x[t % 64])))
}

/// Thread t gets the word of its neighbour.
pub fn neighbour(_: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    Ok(map_words(effort, "neighbour", |x, t| Some(x[t ^ 1])))
}

/// Barriers that reduce, in blocks where all, none and some predicates hold.
pub fn reduce(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    const BLOCKS: usize = 6;
    let mut input = words(effort, "reduce", THREADS * BLOCKS);
    for (t, x) in input.iter_mut().enumerate() {
        match t / THREADS {
            0 => *x |= 1,
            1 => *x &= !1,
            2 => *x = (*x & !1) | u32::from(t % THREADS == 77),
            3 => *x = (*x & !1) | u32::from(t % THREADS != 77),
            _ => {}
        }
    }
    let mut expected = vec![];
    for block in input.chunks(THREADS) {
        let count = block.iter().filter(|x| *x & 1 != 0).count();
        let result = match params.get("op") {
            "and" => u64::from(count == THREADS),
            "or" => u64::from(count > 0),
            _ => count as u64,
        };
        expected.extend(std::iter::repeat_n(Expect::Bits(result), THREADS));
    }
    let args = vec![Arg::words32(&input), Arg::words32(&vec![0; input.len()])];
    let check = each(1, Type::U32, expected, |t| format!("block {}, thread {}", t / THREADS, t % THREADS));
    Ok(vec![Launch::new("k", BLOCKS as u32, THREADS as u32, args, check)])
}

/// A word from a word.
pub fn map(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    fn fibonacci(n: u32) -> u32 {
        if n < 2 {
            n
        } else {
            fibonacci(n - 1) + fibonacci(n - 2)
        }
    }
    let odd = |x: u32| x & 1 != 0;
    let name = params.get("map").to_owned();
    let f: Box<dyn Fn(u32) -> Option<u32>> = match name.as_str() {
        "loop" => Box::new(move |mut x| {
            let mut s = 0u32;
            while x != 0 {
                if odd(x) {
                    s = s.wrapping_mul(3).wrapping_add(x);
                    x -= 1;
                    if s > 0x4000_0000 {
                        break;
                    }
                } else {
                    x >>= 1;
                    s = s.wrapping_add(1);
                }
            }
            Some(s)
        }),
        "nested" => Box::new(|x| {
            let mut s = 0u32;
            for i in 0..x & 15 {
                for j in 0..=i {
                    s = s.wrapping_mul(5).wrapping_add(j) ^ x;
                    if s < 0x0100_0000 {
                        return Some(s);
                    }
                }
            }
            Some(s)
        }),
        "uniform" => Box::new(|x| Some((0..13).fold(x, |x, i| x.wrapping_mul(3).wrapping_add(i)))),
        "table" => Box::new(|x| {
            Some(match x & 3 {
                0 => x.wrapping_add(17),
                1 => x.wrapping_mul(5) ^ 0x55,
                2 => x ^ 0x55,
                _ => !x,
            })
        }),
        // 128 threads a block: the second entry of the table.
        "table_of_three" => Box::new(|x| Some(x ^ 0x55)),
        "functions" => Box::new(|x| Some(if x & 4 != 0 { x.wrapping_mul(3).wrapping_add(11) } else { x })),
        "pointers" => Box::new(move |x| Some(if odd(x) { x.wrapping_neg() } else { x.wrapping_mul(3) })),
        "fibonacci" => Box::new(|x| Some(fibonacci(x & 7))),
        "ends" | "exit_in_function" => Box::new(move |x| (!odd(x)).then(|| x.wrapping_add(1))),
        "ret_in_function" => Box::new(move |x| Some(if odd(x) { 7 } else { x.wrapping_add(1) })),
        other => return Err(format!("no map `{other}`")),
    };
    Ok(map_words(effort, &name, |x, t| f(x[t])))
}

/// A kernel that a fault must stop.
pub fn stops(_: &Params, _: Effort) -> Result<Vec<Launch>, String> {
    let args = vec![Arg::words32(&[0]), Arg::words32(&[0])];
    let launch = Launch::new("k", 1, THREADS as u32, args, Box::new(|_| Ok(())));
    Ok(vec![Launch { stops: true, ..launch }])
}

/// `bytes` of each thread's 16 bytes come out as they went in; of those, only `valid` if that is fewer.
pub fn copy(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let number = |name: &str| params.number(name).ok();
    let size = number("size").map(|size| size * number("count").unwrap_or(1));
    let bytes = number("bytes").or(size).ok_or("no parameter `bytes`, and no `size` and `count`")?;
    let valid = number("valid").unwrap_or(bytes);
    let input = random_bytes(effort.seed, "copy", 16 * THREADS);
    let expected = input.iter().enumerate().map(|(i, b)| Expect::Bits(if i % 16 < valid { (*b).into() } else { 0 })).collect();
    let args = vec![buffer(input), buffer(vec![0; 16 * THREADS])];
    let check = each(1, U8, expected, |i| format!("thread {}, byte {}", i / 16, i % 16));
    Ok(vec![Launch::new("k", 1, THREADS as u32, args, check)])
}

/// Generic addresses: the value behind one, the way back, and which space it is in.
pub fn spaces(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let space = params.get("space");
    let input = random_bytes(effort.seed, "spaces", 16 * THREADS);
    let constants: Vec<u8> = table().collect();
    let mut expected = vec![];
    for t in 0..THREADS {
        let value = match space {
            "const" => word(&constants, 8, t % 32 * 2),
            _ => word(&input, 8, 2 * t),
        };
        // Constants are a part of global memory here (docs/limits.md), which `isspacep` does not tell apart.
        let alike = |name: &str| space != name && [space, name].iter().all(|s| ["const", "global"].contains(s));
        let is = |name: &str| if alike(name) { Expect::Any } else { Expect::Bits(u64::from(space == name)) };
        expected.extend([Expect::Bits(value), Expect::Bits(1), is("global"), is("shared"), is("local"), is("const")]);
        expected.extend([Expect::Bits(0), Expect::Bits(0)]);
    }
    const WHAT: [&str; 8] =
        ["the value", "whether cvta.to leads back", "isspacep.global", "isspacep.shared", "isspacep.local", "isspacep.const", "", ""];
    let args = vec![buffer(input), buffer(vec![0; 64 * THREADS])];
    let check = each(1, U64, expected, |i| format!("thread {}, {}", i / 8, WHAT[i % 8]));
    Ok(vec![Launch::new("k", 1, THREADS as u32, args, check)])
}

/// The value of a special register in every thread of a grid.
pub fn special(params: &Params, _: Effort) -> Result<Vec<Launch>, String> {
    let register = params.get("register").to_owned();
    let (grid, block) = ([3u32, 2, 4], [7u32, 3, 5]);
    let dynamic = 96;
    let threads = block.iter().product::<u32>();
    let mut expected = vec![];
    for b in 0..grid.iter().product::<u32>() {
        let ctaid = [b % grid[0], b / grid[0] % grid[1], b / grid[0] / grid[1]];
        for t in 0..threads {
            let tid = [t % block[0], t / block[0] % block[1], t / block[0] / block[1]];
            let lane = t % 32;
            let axis = |xyz: [u32; 3]| match register.chars().last() {
                Some('x') => xyz[0],
                Some('y') => xyz[1],
                _ => xyz[2],
            };
            let (eq, lt) = (1u32 << lane, (1u32 << lane) - 1);
            expected.push(match register.split('.').next().unwrap_or_default() {
                "%tid" => axis(tid),
                "%ntid" => axis(block),
                "%ctaid" => axis(ctaid),
                "%nctaid" => axis(grid),
                "%laneid" => lane,
                "%warpid" => t / 32,
                "%nwarpid" => threads.div_ceil(32),
                "%lanemask_eq" => eq,
                "%lanemask_lt" => lt,
                "%lanemask_le" => lt | eq,
                "%lanemask_gt" => !(lt | eq),
                "%lanemask_ge" => !lt,
                "%dynamic_smem_size" => dynamic,
                // The 64 bytes of the kernel's variable, and the dynamic ones behind it.
                "%total_smem_size" => 64 + dynamic,
                _ => 0,
            });
        }
    }
    let count = expected.len();
    let args = vec![Arg::words32(&vec![0x5eed; count])];
    let told = move |i: usize| format!("block {}, thread {}", i as u32 / threads, i as u32 % threads);
    let check: crate::case::Check = match register.as_str() {
        // Any number of a multiprocessor is right, the same for all threads of a block.
        "%smid" => Box::new(move |buffers: &Buffers| {
            let all: Vec<u64> = (0..count).map(|i| word(&buffers[0], 4, i)).collect();
            let right = all.chunks(threads as usize).all(|block| block.iter().all(|x| *x == block[0] && *x < 1024));
            right.then_some(()).ok_or_else(|| format!("  {all:?}"))
        }),
        "%nsmid" => Box::new(move |buffers: &Buffers| {
            let all: Vec<u64> = (0..count).map(|i| word(&buffers[0], 4, i)).collect();
            all.iter().all(|x| *x == all[0] && (1..=1024).contains(x)).then_some(()).ok_or_else(|| format!("  {all:?}"))
        }),
        // It may change, so the ISA promises no more than that it is below %nwarpid; here it is the warp's number.
        _ => each(0, Type::U32, expected.into_iter().map(|v| Expect::Bits(v.into())).collect(), told),
    };
    let launch = Launch::new("k", 1, 1, args, check);
    Ok(vec![Launch { grid, block, dynamic_shared: dynamic, ..launch }])
}

/// Two reads of a clock in each thread.
pub fn clock(params: &Params, _: Effort) -> Result<Vec<Launch>, String> {
    let wraps = params.get("type") == "u32";
    let check = move |buffers: &Buffers| {
        for t in 0..THREADS {
            let (first, second) = (word(&buffers[0], 8, 2 * t), word(&buffers[0], 8, 2 * t + 1));
            // A clock of 32 bits may begin anew between the reads.
            let ahead = if wraps { (second as u32).wrapping_sub(first as u32) as i32 >= 0 } else { second >= first };
            if !ahead || (!wraps && first == 0) {
                return Err(format!("  thread {t}: {first:#x}, then {second:#x}"));
            }
        }
        Ok(())
    };
    Ok(vec![Launch::new("k", 1, THREADS as u32, vec![Arg::words(&[0; 2 * THREADS])], Box::new(check))])
}

/// Numbers of two words.
pub fn carry(params: &Params, effort: Effort) -> Result<Vec<Launch>, String> {
    let (op, ty) = (params.get("op"), params.ty("type")?);
    let bits = ty.bits();
    let mask = u64::MAX >> (64 - bits);
    let mut r = Random::new(effort.seed, "carry");
    let edges = [0, 1, mask, mask - 1, mask / 2, mask / 2 + 1];
    let (mut input, mut expected) = (vec![], vec![]);
    let mut told = vec![];
    for _ in 0..THREADS {
        let value = |r: &mut Random| match r.below(2) {
            0 => edges[r.below(6) as usize],
            _ => random(Role::Value(ty.element_in_hardware()), r) & mask,
        };
        let w: [u64; 6] = std::array::from_fn(|_| value(&mut r));
        input.extend(w);
        told.push(w);
        let [a0, a1, b0, b1, c0, c1] = w.map(i128::from);
        let base = 1i128 << bits;
        // A sum's word and its carry.
        let split = |x: i128| ((x.rem_euclid(base)) as u64, x.div_euclid(base));
        let (low_product, high_product) = product(ty, w[0], w[2]);
        let results = match op {
            "add" => {
                let (d0, carry) = split(a0 + b0);
                let (d1, carry) = split(a1 + b1 + carry);
                [d0, d1, carry as u64]
            }
            "sub" => {
                let (d0, borrow) = split(a0 - b0);
                let (d1, borrow) = split(a1 - b1 + borrow);
                // 0 - 0 - borrow.
                [d0, d1, borrow as u64 & mask]
            }
            "mad" => {
                let (d0, carry) = split(low_product + c0);
                let (d1, carry) = split(high_product + c1 + carry);
                [d0, d1, carry as u64]
            }
            _ => {
                let (d0, carry) = split(a1 + b1);
                let part = if params.get("half") == "hi" { high_product } else { low_product };
                let (d1, carry_out) = split(part + c0 + carry);
                // Without `.cc` the carry of the addition is still there.
                [d0, d1, if params.get("out").is_empty() { carry } else { carry_out } as u64]
            }
        };
        expected.extend(results.map(Expect::Bits));
    }
    let args = vec![Arg::words(&input), Arg::words(&[0; 3 * THREADS])];
    let check = each(1, U64, expected, move |i| format!("word {} of thread {}, sources {:x?}", i % 3, i / 3, told[i / 3]));
    Ok(vec![Launch::new("k", 1, THREADS as u32, args, check)])
}

/// The words of a product, as unsigned numbers.
fn product(ty: Type, a: u64, b: u64) -> (i128, i128) {
    let mask = (1i128 << ty.bits()) - 1;
    let (low, high) = if ty.is_signed() {
        let all = ty.number(a) * ty.number(b);
        (all, all >> ty.bits())
    } else {
        let all = u128::from(a) * u128::from(b);
        ((all as i128), (all >> ty.bits()) as i128)
    };
    (low & mask, high & mask)
}
