// SPDX-License-Identifier: GPL-2.0

//! Clients: what belongs to one open file.
//!
//! A *client* is one open file of the render node. It owns address spaces, queues and one doorbell
//! page, which it gets with its first queue and keeps until it is closed, because it may be mapped.
//! Closing the file takes everything back, whatever the device is doing: queues first, which ends
//! their kernels, then address spaces. When the driver has been unbound before, the device has been
//! reset and only memory is left to free.

use kernel::{
    drm, new_mutex,
    prelude::*,
    sync::{
        aref::ARef,
        atomic::{Acquire, Atomic, Release},
        Arc, Mutex,
    },
};

use crate::{
    device::Gpu,
    driver::{IxDevice, IxDriver},
    helpers::Fdinfo,
    hw::doorbell,
    queue::{Busy, Queue, Wish},
    vm::Vm,
    vram::Usage,
};

/// An open file as the DRM core has it.
pub(crate) type DrmFile = drm::File<Client>;

/// A client gets no more than one in so many address spaces of the device, so that one that takes
/// all it can get leaves something to others. The doorbell page limits its queues.
const VM_SHARE: u32 = 4;

#[derive(Default)]
struct State {
    vms: KVec<Arc<Vm>>,
    queues: KVec<Arc<Queue>>,
    /// Bit n: slot n of the doorbell page is in use.
    slots: u64,
    /// What queues that are gone have run.
    past: Busy,
}

/// A client: see the module's documentation.
#[pin_data(PinnedDrop)]
pub(crate) struct Client {
    usage: Arc<Usage>,
    /// Its doorbell page; 0: none yet.
    doorbell_page: Atomic<u32>,
    #[pin]
    state: Mutex<State>,
    /// Goes last: the DRM device must outlive all buffer objects.
    dev: ARef<IxDevice>,
}

impl drm::file::DriverFile for Client {
    type Driver = IxDriver;

    fn open(dev: &IxDevice) -> Result<Pin<KBox<Self>>> {
        let usage = Arc::new(Usage::new(), GFP_KERNEL)?;
        KBox::try_pin_init(
            try_pin_init!(Self {
                usage,
                doorbell_page: Atomic::new(0),
                state <- new_mutex!(State::default()),
                dev: dev.into(),
            }),
            GFP_KERNEL,
        )
    }
}

impl Client {
    /// Bytes in the buffer objects that it created.
    pub(crate) fn usage(&self) -> &Arc<Usage> {
        &self.usage
    }

    /// Its doorbell page, if it has one.
    pub(crate) fn doorbell_page(&self) -> Option<u32> {
        match self.doorbell_page.load(Acquire) {
            0 => None,
            page => Some(page),
        }
    }

    /// Its address space of that id. ENOENT.
    pub(crate) fn vm(&self, id: u32) -> Result<Arc<Vm>> {
        let state = self.state.lock();
        let vm = state.vms.iter().find(|vm| vm.id == id);
        vm.cloned().ok_or(ENOENT)
    }

    /// Its queue of that id. ENOENT.
    pub(crate) fn queue(&self, id: u32) -> Result<Arc<Queue>> {
        let state = self.state.lock();
        let queue = state.queues.iter().find(|queue| queue.id == id);
        queue.cloned().ok_or(ENOENT)
    }

    /// Creates an address space and returns its id. ENOSPC: the client has its share, or the device
    /// has no more.
    pub(crate) fn create_vm(&self, gpu: &Gpu<'_>) -> Result<u32> {
        let mut state = self.state.lock();
        if state.vms.len() >= (gpu.caps.vms / VM_SHARE).max(1) as usize {
            return Err(ENOSPC);
        }
        state.vms.reserve(1, GFP_KERNEL)?;
        let vm = Vm::new(gpu)?;
        let id = vm.id;
        state.vms.push_within_capacity(vm).map_err(|_| ENOMEM)?;
        Ok(id)
    }

    /// Destroys an address space. ENOENT: no such. EBUSY: it has queues.
    pub(crate) fn destroy_vm(&self, gpu: &Gpu<'_>, id: u32) -> Result {
        let mut state = self.state.lock();
        let at = state.vms.iter().position(|vm| vm.id == id).ok_or(ENOENT)?;
        if state.queues.iter().any(|queue| queue.vm == id) {
            return Err(EBUSY);
        }
        let vm = state.vms.remove(at).map_err(|_| ENOENT)?;
        vm.destroy(gpu)
    }

    /// Creates a queue in one of its address spaces. ENOENT: no such. ENOSPC: the doorbell page has
    /// no free slot, or the device has no free queue or doorbell page.
    pub(crate) fn create_queue(
        &self,
        gpu: &Gpu<'_>,
        vm_id: u32,
        wish: &Wish,
    ) -> Result<Arc<Queue>> {
        let mut state = self.state.lock();
        if !state.vms.iter().any(|vm| vm.id == vm_id) {
            return Err(ENOENT);
        }
        state.queues.reserve(1, GFP_KERNEL)?;
        // Slot 0 is the client's own.
        let slot = (state.slots | 1).trailing_ones();
        if slot >= doorbell::SLOTS {
            return Err(ENOSPC);
        }
        let page = match self.doorbell_page() {
            Some(page) => page,
            None => {
                let page = gpu.take_doorbell_page()?;
                self.doorbell_page.store(page, Release);
                page
            }
        };
        let queue = Queue::new(gpu, vm_id, page, slot, wish)?;
        state.slots |= 1 << slot;
        state
            .queues
            .push_within_capacity(queue.clone())
            .map_err(|_| ENOMEM)?;
        Ok(queue)
    }

    /// Destroys a queue. ENOENT: no such.
    pub(crate) fn destroy_queue(&self, gpu: &Gpu<'_>, id: u32) -> Result {
        let mut state = self.state.lock();
        let at = state.queues.iter().position(|queue| queue.id == id);
        let queue = state.queues.remove(at.ok_or(ENOENT)?).map_err(|_| ENOENT)?;
        let (busy, result) = queue.destroy(gpu);
        state.slots &= !(1 << queue.doorbell_slot);
        state.past.add(busy);
        result
    }

    /// What its fdinfo says.
    pub(crate) fn fdinfo(&self, gpu: &Gpu<'_>) -> Fdinfo {
        let state = self.state.lock();
        // The clock is read once at most, and only if a kernel runs.
        let mut now = None;
        let mut busy = state.past;
        for queue in &state.queues {
            busy.add(queue.busy(gpu, &mut now));
        }
        Fdinfo {
            compute_ns: busy.compute,
            copy_ns: busy.copy,
            vram: self.usage.vram(),
            system: self.usage.system(),
        }
    }

    /// Takes everything back from the device.
    fn tear_down(&self, gpu: &Gpu<'_>) {
        let mut state = self.state.lock();
        // An error means that the device is wedged: it has been reset and knows nothing any more.
        while let Some(queue) = state.queues.pop() {
            let _ = queue.destroy(gpu);
        }
        while let Some(vm) = state.vms.pop() {
            let _ = vm.destroy(gpu);
        }
        if let Some(page) = self.doorbell_page() {
            gpu.release_doorbell_page(page);
        }
    }
}

#[pinned_drop]
impl PinnedDrop for Client {
    fn drop(self: Pin<&mut Self>) {
        let dev = core::ptr::from_ref::<IxDevice>(&self.dev).cast();
        // SAFETY: A `drm::Device` starts with its `struct drm_device`, which lives as long as our
        // reference; a file can be opened only after the device was registered.
        let dev: &IxDevice<drm::Ioctl> = unsafe { drm::Device::from_raw(dev) };
        if let Some(guard) = dev.registration_guard() {
            guard.registration_data_with(|gpu| self.tear_down(gpu));
        }
    }
}
