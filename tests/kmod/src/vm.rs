// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Address spaces: creation, VM_BIND, and whether the device sees what was bound.

use std::sync::atomic::Ordering;

use ix_hw::fault::{kind, unit};
use ix_hw::mmu::VA_START;
use ix_hw::packet::{self, Opcode};
use ix_uapi::abi::*;
use ix_uapi::{Bo, Device, Mapping};

use crate::check::{equal, holds, Context, Outcome};
use crate::client::{map_op, open, raw, unmap_op, Client};
use crate::fuzz::{number, Random};
use crate::Case;

pub const CASES: &[Case] = &[
    ("vm_create_and_destroy_reject_bad_fields", bad_fields),
    ("vm_with_queue_is_ebusy", busy),
    ("vm_of_another_client_is_enoent", foreign),
    ("vms_of_one_client_leave_some_to_others", share),
    ("vm_bind_rejects_bad_fields", bad_bind),
    ("vm_bind_counts_what_took_effect", partial),
    ("vm_bind_takes_elements_of_other_sizes", strides),
    ("vm_bind_read_only_faults_on_stores", read_only),
    ("vm_bind_cuts_a_large_page", cut_large_page),
    ("vm_bind_at_random_shows_what_a_model_says", random),
    ("vm_bind_keeps_a_closed_bo", keeps_bo),
    ("vm_page_tables_are_freed", tables_are_freed),
    ("vm_bind_with_no_memory_for_tables_changes_nothing", no_memory),
];

fn bad_fields() -> Outcome {
    let device = open()?;
    let create = |flags| raw(&device, DRM_IOCTL_IX_VM_CREATE, &mut drm_ix_vm_create { flags, vm_id: 99 });
    let destroy = |vm_id, pad| raw(&device, DRM_IOCTL_IX_VM_DESTROY, &mut drm_ix_vm_destroy { vm_id, pad });
    equal!(create(1), libc::EINVAL, "create with flags");
    equal!(create(0), 0, "create");
    let vm = device.vm_create().or_fail("VM_CREATE")?;
    holds!(vm != 0, "id is 0");
    equal!(destroy(vm, 1), libc::EINVAL, "destroy with pad");
    equal!(destroy(0, 0), libc::ENOENT, "destroy 0");
    equal!(destroy(u32::MAX, 0), libc::ENOENT, "destroy unknown");
    equal!(destroy(vm, 0), 0, "destroy");
    equal!(destroy(vm, 0), libc::ENOENT, "destroy again");
    Ok(())
}

fn busy() -> Outcome {
    let client = Client::new()?;
    let stream = client.stream(0)?;
    let destroy = || raw(&client.device, DRM_IOCTL_IX_VM_DESTROY, &mut drm_ix_vm_destroy { vm_id: client.vm, pad: 0 });
    equal!(destroy(), libc::EBUSY, "with a queue");
    client.device.queue_destroy(stream.queue.id).or_fail("QUEUE_DESTROY")?;
    equal!(destroy(), 0, "without");
    Ok(())
}

fn foreign() -> Outcome {
    let one = Client::new()?;
    let two = open()?;
    let destroy = raw(&two, DRM_IOCTL_IX_VM_DESTROY, &mut drm_ix_vm_destroy { vm_id: one.vm, pad: 0 });
    equal!(destroy, libc::ENOENT, "destroy");
    equal!(bind(&two, one.vm, &[unmap_op(VA_START, 4096)]).0, libc::ENOENT, "bind");
    Ok(())
}

fn share() -> Outcome {
    let (greedy, modest) = (open()?, open()?);
    let count = greedy.query_device().or_fail("query")?.vm_count;
    let mut made = 0;
    let error = loop {
        match greedy.vm_create() {
            Ok(_) => made += 1,
            Err(e) => break e,
        }
        holds!(made < count, "one client got all {count}");
    };
    equal!(error.errno(), Some(libc::ENOSPC), "when there are no more");
    holds!(made >= 1, "not even one");
    modest.vm_create().or_fail("VM_CREATE of another client")?;
    Ok(())
}

/// VM_BIND: the error number and the count that it stored.
fn bind(device: &Device, vm_id: u32, ops: &[drm_ix_vm_bind_op]) -> (i32, u32) {
    let array = drm_ix_array { stride: size_of::<drm_ix_vm_bind_op>() as u32, count: ops.len() as u32, array: ops.as_ptr() as u64 };
    let mut argument = drm_ix_vm_bind { vm_id, flags: 0, ops: array };
    let error = raw(device, DRM_IOCTL_IX_VM_BIND, &mut argument);
    (error, argument.ops.count)
}

fn bad_bind() -> Outcome {
    let client = Client::new()?;
    let bo = client.device.bo_create(65536, DRM_IX_BO_VRAM).or_fail("BO_CREATE")?;
    let va_end = client.device.query_device().or_fail("query")?.va_end;
    let good = map_op(bo.handle, 0, VA_START, 65536);
    let gone = unmap_op(VA_START, 65536);
    let bad = [
        ("op 2", libc::EINVAL, drm_ix_vm_bind_op { op: 2, ..good }),
        ("flag 2", libc::EINVAL, drm_ix_vm_bind_op { flags: 2, ..good }),
        ("pad", libc::EINVAL, drm_ix_vm_bind_op { pad: 1, ..good }),
        ("handle 0", libc::ENOENT, drm_ix_vm_bind_op { handle: 0, ..good }),
        ("unknown handle", libc::ENOENT, drm_ix_vm_bind_op { handle: 4711, ..good }),
        ("size 0", libc::EINVAL, drm_ix_vm_bind_op { size: 0, ..good }),
        ("odd size", libc::EINVAL, drm_ix_vm_bind_op { size: 100, ..good }),
        ("size past the BO", libc::EINVAL, drm_ix_vm_bind_op { size: 69632, ..good }),
        ("huge size", libc::EINVAL, drm_ix_vm_bind_op { size: u64::MAX - 4095, ..good }),
        ("odd address", libc::EINVAL, drm_ix_vm_bind_op { va: VA_START + 8, ..good }),
        ("low address", libc::EINVAL, drm_ix_vm_bind_op { va: VA_START - 4096, ..good }),
        ("address 0", libc::EINVAL, drm_ix_vm_bind_op { va: 0, ..good }),
        ("address past the end", libc::EINVAL, drm_ix_vm_bind_op { va: va_end, ..good }),
        ("range past the end", libc::EINVAL, drm_ix_vm_bind_op { va: va_end - 4096, ..good }),
        ("highest address", libc::EINVAL, drm_ix_vm_bind_op { va: u64::MAX - 4095, ..good }),
        ("odd offset", libc::EINVAL, drm_ix_vm_bind_op { bo_offset: 1, size: 4096, ..good }),
        ("offset past the BO", libc::EINVAL, drm_ix_vm_bind_op { bo_offset: 65536, size: 4096, ..good }),
        ("huge offset", libc::EINVAL, drm_ix_vm_bind_op { bo_offset: u64::MAX - 4095, size: 4096, ..good }),
        ("unmap with flags", libc::EINVAL, drm_ix_vm_bind_op { flags: 1, ..gone }),
        ("unmap with handle", libc::EINVAL, drm_ix_vm_bind_op { handle: bo.handle, ..gone }),
        ("unmap with offset", libc::EINVAL, drm_ix_vm_bind_op { bo_offset: 4096, ..gone }),
        ("unmap of size 0", libc::EINVAL, drm_ix_vm_bind_op { size: 0, ..gone }),
        ("unmap past the end", libc::EINVAL, drm_ix_vm_bind_op { va: va_end, ..gone }),
    ];
    for (what, errno, op) in bad {
        equal!(bind(&client.device, client.vm, &[op]), (errno, 0), "{what}");
    }
    let mut flags = drm_ix_vm_bind { vm_id: client.vm, flags: 1, ..Default::default() };
    equal!(raw(&client.device, DRM_IOCTL_IX_VM_BIND, &mut flags), libc::EINVAL, "flags of the ioctl");
    equal!(bind(&client.device, 0, &[good]), (libc::ENOENT, 0), "address space 0");
    equal!(bind(&client.device, client.vm, &[good]), (0, 1), "good");
    equal!(bind(&client.device, client.vm, &[]), (0, 0), "nothing");
    let top = drm_ix_vm_bind_op { va: va_end - 65536, ..good };
    equal!(bind(&client.device, client.vm, &[top, gone, gone]), (0, 3), "at the very end, and unmapping nothing");
    Ok(())
}

fn partial() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let target = client.vram(8192)?;
    let va = client.addresses(8192);
    let ops = [
        map_op(target.bo.handle, 0, va, 4096),
        map_op(target.bo.handle, 4096, va + 4096, 4096),
        map_op(4711, 0, va + 8192, 4096),
        unmap_op(va, 8192),
    ];
    equal!(bind(&client.device, client.vm, &ops), (libc::ENOENT, 2), "third of four is wrong");
    stream.fill(va, 1024, 0x0102_0304)?;
    stream.finish()?;
    equal!(target.map.atomic_u64(8184).load(Ordering::SeqCst), 0x0102_0304, "last word");
    Ok(())
}

fn strides() -> Outcome {
    let client = Client::new()?;
    let bo = client.device.bo_create(4096, DRM_IX_BO_VRAM).or_fail("BO_CREATE")?;
    #[repr(C)]
    #[derive(Clone, Copy)]
    struct Newer {
        op: drm_ix_vm_bind_op,
        added: u64,
    }
    let bind = |ops: &[Newer], stride: u32, count: u32, array: u64| {
        let array = if array == 0 { ops.as_ptr() as u64 } else { array };
        let ops = drm_ix_array { stride, count, array };
        raw(&client.device, DRM_IOCTL_IX_VM_BIND, &mut drm_ix_vm_bind { vm_id: client.vm, flags: 0, ops })
    };
    let newer = Newer { op: map_op(bo.handle, 0, VA_START, 4096), added: 0 };
    let size = size_of::<Newer>() as u32;
    equal!(bind(&[newer, newer], size, 2, 0), 0, "larger elements");
    equal!(bind(&[Newer { added: 1, ..newer }], size, 1, 0), libc::EINVAL, "larger elements with something new");
    equal!(bind(&[newer], size - 16, 1, 0), libc::EINVAL, "smaller elements");
    equal!(bind(&[newer], 0, 1, 0), libc::EINVAL, "stride 0");
    equal!(bind(&[newer], u32::MAX, 1, 0), libc::EINVAL, "absurd stride");
    equal!(bind(&[newer], size, 4097, 0), libc::EINVAL, "too many elements");
    equal!(bind(&[newer], size, u32::MAX, 0), libc::EINVAL, "absurd number of elements");
    equal!(bind(&[newer], size, 1, 0x1000), libc::EFAULT, "array that is not there");
    equal!(bind(&[newer], size, 2, u64::MAX - 60), libc::EFAULT, "array at the end of the address space");
    Ok(())
}

fn read_only() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let source = client.vram(4096)?;
    let target = client.vram(4096)?;
    source.map.atomic_u64(0).store(77, Ordering::SeqCst);
    let va = client.addresses(4096);
    let op = drm_ix_vm_bind_op { flags: DRM_IX_VM_BIND_READONLY, ..map_op(source.bo.handle, 0, va, 4096) };
    client.bind(&[op])?;
    stream.copy(target.va, va, 8)?;
    stream.finish()?;
    equal!(target.map.atomic_u64(0).load(Ordering::SeqCst), 77, "value read");
    stream.fill(va, 1, 1)?;
    let fault = stream.finish_stopped()?;
    equal!((fault.kind, fault.unit, fault.va), (kind::PAGE, unit::COPY, va), "kind, unit and address");
    equal!(source.map.atomic_u64(0).load(Ordering::SeqCst), 77, "value after the fault");
    Ok(())
}

fn cut_large_page() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let large = client.vram(8 << 20)?;
    let small = client.system(65536)?;
    let words = (8 << 20) / 8;
    let hole = (3 << 20) + 8192;
    stream.fill(large.va, words, 1)?;
    stream.finish()?;
    // Another BO in the middle of a large page, then over all of it again.
    client.bind(&[map_op(small.bo.handle, 0, large.va + hole, 65536)])?;
    stream.fill(large.va, words, 2)?;
    stream.finish()?;
    let at = |map: &Mapping, offset: u64| map.atomic_u64(offset as usize).load(Ordering::SeqCst);
    for (offset, value) in [(0, 2), (hole - 8, 2), (hole, 1), (hole + 65528, 1), (hole + 65536, 2), ((8 << 20) - 8, 2)] {
        equal!(at(&large.map, offset), value, "large BO at {offset:#x}");
    }
    equal!((at(&small.map, 0), at(&small.map, 65528)), (2, 2), "small BO");
    client.bind(&[map_op(large.bo.handle, 0, large.va, 8 << 20)])?;
    stream.fill(large.va, words, 3)?;
    stream.finish()?;
    equal!((at(&large.map, hole), at(&small.map, 0)), (3, 2), "after mapping all anew");
    client.bind(&[unmap_op(large.va + hole, 4096)])?;
    stream.fill(large.va + hole, 1, 4)?;
    let fault = stream.finish_stopped()?;
    equal!((fault.kind, fault.va), (kind::PAGE, large.va + hole), "kind and address of the fault");
    equal!(at(&large.map, hole), 3, "value that must not be written");
    Ok(())
}

fn random() -> Outcome {
    const PAGES: u64 = 2560;
    let seed = number("SEED", 0x1234_5678);
    println!("# seed {seed}; SEED sets another");
    let mut random = Random::new(seed);
    let client = Client::new()?;
    let base = client.addresses(PAGES * 4096);
    let mut bos: Vec<(Bo, Mapping)> = Vec::new();
    for placement in [DRM_IX_BO_VRAM, DRM_IX_BO_SYSTEM, DRM_IX_BO_VRAM] {
        let bo = client.device.bo_create(PAGES * 4096, placement).or_fail("BO_CREATE")?;
        let map = client.device.bo_map(bo.handle, bo.size as usize).or_fail("mmap")?;
        bos.push((bo, map));
    }
    // What each page shows: BO and page in it.
    let mut model: Vec<Option<(usize, u64)>> = vec![None; PAGES as usize];
    let mut value = 0;
    for round in 0..12 {
        let mut ops = Vec::new();
        for _ in 0..1 + random.below(24) {
            // Sizes of all magnitudes, often aligned to what large pages want.
            let magnitude = 1 << random.below(12);
            let pages = (1 + random.below(magnitude)).min(PAGES);
            let align = [1, 16, 512][random.below(3) as usize];
            let first = random.below(PAGES - pages + 1) / align * align;
            let range = first as usize..(first + pages) as usize;
            if random.below(4) == 0 {
                ops.push(unmap_op(base + first * 4096, pages * 4096));
                model[range].fill(None);
            } else {
                let bo = random.below(bos.len() as u64) as usize;
                let page = if random.below(2) == 0 { first } else { random.below(PAGES - pages + 1) };
                ops.push(map_op(bos[bo].0.handle, page * 4096, base + first * 4096, pages * 4096));
                for (i, shown) in range.enumerate() {
                    model[shown] = Some((bo, page + i as u64));
                }
            }
        }
        client.bind(&ops).map_err(|e| format!("round {round}: {e}"))?;

        let mut stream = client.stream(0)?;
        let mut expected = std::collections::BTreeMap::new();
        for (at, shown) in (0..).zip(&model) {
            let Some(shown) = shown else { continue };
            value += 1;
            expected.insert(*shown, value);
            stream.push(&packet::Signal {
                header: packet::header(Opcode::Signal, 0),
                va: base + at * 4096 + value % 512 * 8,
                value,
                ..packet::Signal::ZERO
            })?;
        }
        stream.finish().map_err(|e| format!("round {round}: {e}"))?;
        for ((bo, page), value) in expected {
            let offset = page * 4096 + value % 512 * 8;
            let found = bos[bo].1.atomic_u64(offset as usize).load(Ordering::SeqCst);
            equal!(found, value, "round {round}: page {page} of BO {bo}");
        }
        if let Some(at) = (0..PAGES).cycle().skip(random.below(PAGES) as usize).take(PAGES as usize).find(|i| model[*i as usize].is_none())
        {
            stream.fill(base + at * 4096, 1, 0)?;
            let fault = stream.finish_stopped().map_err(|e| format!("round {round}: page {at}: {e}"))?;
            equal!((fault.kind, fault.va), (kind::PAGE, base + at * 4096), "round {round}: page {at} that is not mapped");
        }
        client.device.queue_destroy(stream.queue.id).or_fail("QUEUE_DESTROY")?;
    }
    Ok(())
}

fn keeps_bo() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let target = client.vram(4096)?;
    let bo = client.device.bo_create(4096, DRM_IX_BO_VRAM).or_fail("BO_CREATE")?;
    let va = client.addresses(4096);
    client.bind(&[map_op(bo.handle, 0, va, 4096)])?;
    let used = client.device.query_memory().or_fail("query")?.client_vram_used;
    client.device.bo_close(bo.handle).or_fail("GEM_CLOSE")?;
    let still = client.device.query_memory().or_fail("query")?.client_vram_used;
    equal!(still, used, "VRAM after closing a mapped BO");
    stream.fill(va, 512, 9)?;
    stream.copy(target.va, va, 4096)?;
    stream.finish()?;
    equal!(target.map.atomic_u64(4088).load(Ordering::SeqCst), 9, "value");
    client.bind(&[unmap_op(va, 4096)])?;
    let after = client.device.query_memory().or_fail("query")?.client_vram_used;
    equal!(after, used - 4096, "VRAM after unmapping it");
    Ok(())
}

fn tables_are_freed() -> Outcome {
    let client = Client::new()?;
    let bo = client.device.bo_create(4096, DRM_IX_BO_VRAM).or_fail("BO_CREATE")?;
    let reserved = || Ok::<_, String>(client.device.query_memory().or_fail("query")?.vram_reserved);
    let before = reserved()?;
    let ops: Vec<_> = (0..64).map(|i| map_op(bo.handle, 0, VA_START + (i << 31), 4096)).collect();
    client.bind(&ops)?;
    holds!(reserved()? >= before + 64 * 8192, "page tables cost nothing: {} then {}", before, reserved()?);
    client.bind(&[unmap_op(VA_START, 64 << 31)])?;
    equal!(reserved()?, before, "bytes in page tables after unmapping");
    Ok(())
}

fn no_memory() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let target = client.vram(4 << 20)?;
    let before = client.device.query_memory().or_fail("query")?;
    // All of the device's memory, in pieces of ever smaller size.
    let mut taken = Vec::new();
    let mut size = before.vram_total.next_power_of_two();
    while size >= 4096 {
        match client.device.bo_create(size, DRM_IX_BO_VRAM) {
            Ok(bo) => taken.push(bo.handle),
            Err(e) => {
                equal!(e.errno(), Some(libc::ENOMEM), "BO_CREATE of {size} bytes");
                size /= 2;
            }
        }
    }
    let full = client.device.query_memory().or_fail("query")?;
    // A new table is needed: at another place, and to cut the large page in two.
    let far = client.device.query_device().or_fail("query")?.va_end - 4096;
    let ops = [map_op(target.bo.handle, 0, far, 4096), unmap_op(target.va + 8192, 4096)];
    for op in ops {
        equal!(bind(&client.device, client.vm, &[op]), (libc::ENOMEM, 0), "{op:?}");
    }
    equal!(client.device.query_memory().or_fail("query")?, full, "use after failing");
    stream.fill(target.va, (4 << 20) / 8, 6)?;
    stream.finish()?;
    equal!(target.map.atomic_u64(8192).load(Ordering::SeqCst), 6, "value at the page that was not unmapped");
    // Whole large pages need no table to go.
    equal!(bind(&client.device, client.vm, &[unmap_op(target.va, 2 << 20)]), (0, 1), "unmapping a large page");
    for handle in taken {
        client.device.bo_close(handle).or_fail("GEM_CLOSE")?;
    }
    equal!(bind(&client.device, client.vm, &ops), (0, 2), "with memory again");
    Ok(())
}
