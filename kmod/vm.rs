// SPDX-License-Identifier: GPL-2.0

//! Address spaces (VM) and what is mapped in them.
//!
//! A *mapping* is a range of addresses that shows a part of a buffer object, with one permission;
//! mappings do not overlap. Each keeps a reference of its BO. Mapping over something cuts it out
//! of older mappings first, so that one mapping may shrink, go, or be cut in two.
//!
//! The device sees a change when it is told to *invalidate* its range. Until then it may still
//! access what was mapped before, so BOs and page tables that a change has freed are *set aside*,
//! and let go after the invalidation. One VM_BIND collects all its changes and invalidates
//! adjacent ones together before it returns.

use kernel::{
    drm,
    drm::gem::BaseObject,
    new_mutex,
    prelude::*,
    rbtree::{RBTree, RBTreeNode, RBTreeNodeReservation},
    sync::{aref::ARef, Arc, Mutex},
};

use crate::{
    admin::Order,
    client::{Client, DrmFile},
    device::Gpu,
    driver::IxDevice,
    gem::Bo,
    hw::{
        mmu,
        packet::{self, Opcode},
    },
    table::{Aside, Source, Tables},
    uapi, user,
};

/// Most operations of one VM_BIND.
const OPS_MAX: u32 = 4096;

/// A range of addresses that shows a part of a BO. Its first address is its key.
struct Mapping {
    size: u64,
    bo: ARef<Bo>,
    offset: u64,
}

/// Changes that the device has not been told of.
#[derive(Default)]
struct Pending {
    /// The range that grows with each adjacent change, empty when there is none.
    start: u64,
    end: u64,
    /// Orders for the ranges before it.
    orders: KVVec<Order>,
    tables: Aside,
    bos: KVVec<ARef<Bo>>,
}

impl Pending {
    /// Makes room for what a change frees, of `bos` BOs, and for one more range.
    fn reserve(&mut self, bos: usize) -> Result {
        self.orders.reserve(2, GFP_KERNEL)?;
        self.bos.reserve(bos, GFP_KERNEL)?;
        Ok(())
    }

    /// Adds a changed range, for which there is room.
    fn add(&mut self, vm: u32, start: u64, end: u64) -> Result {
        if end < self.start || start > self.end {
            self.close(vm)?;
        }
        if self.start == self.end {
            (self.start, self.end) = (start, end);
        } else {
            (self.start, self.end) = (self.start.min(start), self.end.max(end));
        }
        Ok(())
    }

    /// Makes an order of the range, for which there is room.
    fn close(&mut self, vm: u32) -> Result {
        if self.start < self.end {
            let order = packet::Invalidate {
                header: packet::header(Opcode::Invalidate, 0),
                vm,
                va: self.start,
                size: self.end - self.start,
                ..packet::Invalidate::ZERO
            };
            self.orders
                .push_within_capacity(order.into())
                .map_err(|_| ENOMEM)?;
        }
        (self.start, self.end) = (0, 0);
        Ok(())
    }
}

struct Space {
    tables: Tables,
    mappings: RBTree<u64, Mapping>,
    pending: Pending,
}

/// An address space.
#[pin_data]
pub(crate) struct Vm {
    /// Its id on the device and for the client.
    pub(crate) id: u32,
    /// `None` once it has been destroyed.
    #[pin]
    space: Mutex<Option<Space>>,
}

impl Vm {
    /// Creates an address space that maps nothing. ENOSPC: the device has no more.
    pub(crate) fn new(gpu: &Gpu<'_>) -> Result<Arc<Self>> {
        let tables = Tables::new(gpu)?;
        let root = tables.root();
        let id = gpu.take_vm_id()?;
        let vm = Arc::pin_init(
            pin_init!(Self {
                id,
                space <- new_mutex!(Some(Space {
                    tables,
                    mappings: RBTree::new(),
                    pending: Pending::default(),
                })),
            }),
            GFP_KERNEL,
        )
        .and_then(|vm| {
            gpu.order(packet::VmCreate {
                header: packet::header(Opcode::VmCreate, 0),
                vm: id,
                root,
                ..packet::VmCreate::ZERO
            })?;
            Ok(vm)
        });
        if vm.is_err() {
            gpu.release_vm_id(id);
        }
        vm
    }

    /// Destroys it; its queues are gone. The references of its BOs go as well.
    pub(crate) fn destroy(&self, gpu: &Gpu<'_>) -> Result {
        let mut space = self.space.lock();
        if space.is_none() {
            return Err(ENOENT);
        }
        let order = packet::VmDestroy {
            header: packet::header(Opcode::VmDestroy, 0),
            vm: self.id,
            ..packet::VmDestroy::ZERO
        };
        let result = gpu.insist(&[order.into()]);
        *space = None;
        gpu.release_vm_id(self.id);
        result
    }

    fn bind(&self, gpu: &Gpu<'_>, ops: &[Op], done: &mut u32) -> Result {
        let mut guard = self.space.lock();
        let space = Option::as_mut(&mut *guard).ok_or(ENOENT)?;
        let mut result = Ok(());
        for op in ops {
            result = space.apply(gpu, self.id, op);
            if result.is_err() {
                break;
            }
            *done += 1;
        }
        let flushed = space.flush(gpu, self.id);
        result.and(flushed)
    }
}

impl Space {
    fn apply(&mut self, gpu: &Gpu<'_>, vm: u32, op: &Op) -> Result {
        let (va, end) = (op.va, op.va + op.size);
        let source = op.source.as_ref().map(|(bo, offset, bits)| Source {
            bo,
            offset: *offset,
            bits: *bits,
        });

        // What may fail comes first.
        let spare = RBTreeNodeReservation::new(GFP_KERNEL)?;
        let node = match &op.source {
            Some((bo, offset, _)) => Some(RBTreeNode::new(
                va,
                Mapping {
                    size: op.size,
                    bo: bo.clone(),
                    offset: *offset,
                },
                GFP_KERNEL,
            )?),
            None => None,
        };
        let overlapping = self.count(va, end);
        self.pending.reserve(overlapping)?;
        if let Err(e) = self.tables.prepare(gpu, va, end, source) {
            self.tables.prune(gpu, va, end, &mut self.pending.tables);
            return Err(e);
        }

        self.cut(gpu, va, end, spare)?;
        if let (Some(source), Some(node)) = (source, node) {
            self.tables
                .map(gpu, va, end, source, &mut self.pending.tables);
            self.mappings.insert(node);
        }
        self.tables.prune(gpu, va, end, &mut self.pending.tables);
        self.pending.add(vm, va, end)
    }

    /// The first mapping that ends after `va`: its first address and size.
    fn first(&self, va: u64) -> Option<(u64, u64)> {
        let before = match self.mappings.cursor_lower_bound(&va) {
            Some(cursor) => {
                let (start, mapping) = cursor.current();
                let found = (*start, mapping.size);
                match cursor.peek_prev() {
                    Some((start, mapping)) if start + mapping.size > va => (*start, mapping.size),
                    _ => found,
                }
            }
            None => {
                let cursor = self.mappings.cursor_back()?;
                let (start, mapping) = cursor.current();
                if start + mapping.size <= va {
                    return None;
                }
                (*start, mapping.size)
            }
        };
        Some(before)
    }

    /// Number of mappings that overlap `va..end`.
    fn count(&self, va: u64, end: u64) -> usize {
        let mut count = 0;
        let mut at = va;
        while let Some((start, size)) = self.first(at) {
            if start >= end {
                break;
            }
            count += 1;
            at = start + size;
        }
        count
    }

    /// Cuts `va..end`, which was prepared, out of all mappings. The references of BOs that no
    /// mapping needs any more are set aside, for which there is room.
    fn cut(
        &mut self,
        gpu: &Gpu<'_>,
        va: u64,
        end: u64,
        spare: RBTreeNodeReservation<u64, Mapping>,
    ) -> Result {
        let mut spare = Some(spare);
        while let Some((start, size)) = self.first(va) {
            if start >= end {
                break;
            }
            let stop = start + size;
            self.tables.clear(gpu, start.max(va), stop.min(end));
            if stop > end {
                // The part behind stays. Only the last overlapping mapping has one.
                if let (Some(mapping), Some(spare)) = (self.mappings.get(&start), spare.take()) {
                    let behind = Mapping {
                        size: stop - end,
                        bo: mapping.bo.clone(),
                        offset: mapping.offset + (end - start),
                    };
                    self.mappings.insert(spare.into_node(end, behind));
                }
            }
            if start < va {
                if let Some(mapping) = self.mappings.get_mut(&start) {
                    mapping.size = va - start;
                }
            } else if let Some(mapping) = self.mappings.remove(&start) {
                self.pending
                    .bos
                    .push_within_capacity(mapping.bo)
                    .map_err(|_| ENOMEM)?;
            }
        }
        Ok(())
    }

    /// Tells the device of all changes and lets go of what they have freed.
    fn flush(&mut self, gpu: &Gpu<'_>, vm: u32) -> Result {
        let closed = self.pending.close(vm);
        let told = gpu.insist(&self.pending.orders);
        self.pending.orders.clear();
        self.pending.tables.free();
        self.pending.bos.clear();
        closed.and(told)
    }
}

/// A checked operation.
struct Op {
    va: u64,
    size: u64,
    /// BO, offset in it and bits of leaves; `None`: unmap.
    source: Option<(ARef<Bo>, u64, u64)>,
}

impl Op {
    fn new(gpu: &Gpu<'_>, file: &DrmFile, op: &uapi::drm_ix_vm_bind_op) -> Result<Self> {
        let aligned = |x: u64| x % mmu::PAGE_SIZE == 0;
        if op.pad != 0 || op.size == 0 || !aligned(op.va) || !aligned(op.size) {
            return Err(EINVAL);
        }
        let end = op.va.checked_add(op.size).ok_or(EINVAL)?;
        if op.va < mmu::VA_START || end > gpu.caps.va_end {
            return Err(EINVAL);
        }
        let source = match op.op {
            uapi::DRM_IX_VM_BIND_MAP => {
                if op.flags & !uapi::DRM_IX_VM_BIND_READONLY != 0 || !aligned(op.bo_offset) {
                    return Err(EINVAL);
                }
                let bo = Bo::lookup_handle(file, op.handle)?;
                let bo_end = op.bo_offset.checked_add(op.size).ok_or(EINVAL)?;
                if bo_end > bo.size() as u64 {
                    return Err(EINVAL);
                }
                let write = if op.flags & uapi::DRM_IX_VM_BIND_READONLY == 0 {
                    mmu::PTE_WRITE
                } else {
                    0
                };
                Some((bo, op.bo_offset, mmu::PTE_READ | write))
            }
            uapi::DRM_IX_VM_BIND_UNMAP => {
                if op.flags != 0 || op.handle != 0 || op.bo_offset != 0 {
                    return Err(EINVAL);
                }
                None
            }
            _ => return Err(EINVAL),
        };
        Ok(Self {
            va: op.va,
            size: op.size,
            source,
        })
    }
}

/// DRM_IOCTL_IX_VM_CREATE.
pub(crate) fn create(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_vm_create,
    file: &DrmFile,
) -> Result<u32> {
    if args.flags != 0 {
        return Err(EINVAL);
    }
    gpu.check()?;
    let client: &Client = file.inner().get_ref();
    args.vm_id = client.create_vm(gpu)?;
    Ok(0)
}

/// DRM_IOCTL_IX_VM_DESTROY.
pub(crate) fn destroy(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_vm_destroy,
    file: &DrmFile,
) -> Result<u32> {
    if args.pad != 0 {
        return Err(EINVAL);
    }
    let client: &Client = file.inner().get_ref();
    client.destroy_vm(gpu, args.vm_id)?;
    Ok(0)
}

/// DRM_IOCTL_IX_VM_BIND.
pub(crate) fn bind(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_vm_bind,
    file: &DrmFile,
) -> Result<u32> {
    let count = args.ops.count;
    // Until something took effect, nothing has.
    args.ops.count = 0;
    if args.flags != 0 || count > OPS_MAX {
        return Err(EINVAL);
    }
    gpu.check()?;
    let client: &Client = file.inner().get_ref();
    let vm = client.vm(args.vm_id)?;
    let raw: KVVec<uapi::drm_ix_vm_bind_op> = user::read_array(&args.ops, count)?;

    // Operations are checked one by one, so that those before a wrong one take effect.
    let mut ops: KVVec<Op> = KVVec::with_capacity(raw.len(), GFP_KERNEL)?;
    let mut wrong = Ok(());
    for op in &raw {
        match Op::new(gpu, file, op) {
            Ok(op) => ops.push_within_capacity(op).map_err(|_| ENOMEM)?,
            Err(e) => {
                wrong = Err(e);
                break;
            }
        }
    }
    vm.bind(gpu, &ops, &mut args.ops.count)?;
    wrong?;
    Ok(0)
}
