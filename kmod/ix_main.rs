// SPDX-License-Identifier: GPL-2.0

//! ix.ko: the driver of IX, an open GPGPU.
//!
//! It offers a render node whose user ABI is `uapi/ix_drm.h` and drives the hardware that the `hw`
//! crate describes. The pieces, from the hardware up:
//!
//! - [`hw`]: the contract with the hardware; [`uapi`]: the one with programs;
//! - [`device`]: registers and state; [`event`]: sleeping; [`admin`]: orders to the device;
//!   [`fault`]: interrupts and faults;
//! - [`window`]: device memory as the CPU sees it; [`vram`]: who has which of it; [`gem`]: buffer
//!   objects; [`table`]: page tables; [`vm`]: address spaces;
//! - [`queue`]: queues; [`wait`]: user fences; [`query`]: facts;
//! - [`client`]: what an open file owns; [`driver`]: ioctls; [`mmap`]: device pages in processes;
//! - [`user`]: structures of other versions; [`helpers`]: what only C can say.
//!
//! This file binds the driver to PCI devices.

mod admin;
mod client;
mod device;
mod driver;
mod event;
mod fault;
mod gem;
mod helpers;
mod hw;
mod mmap;
mod query;
mod queue;
mod table;
mod uapi;
mod user;
mod vm;
mod vram;
mod wait;
mod window;

use kernel::{
    bindings,
    device::{Bound, Core},
    dma::{Device as _, DmaMask},
    drm,
    irq::{self, Flags},
    pci::{self, IrqType, IrqTypes, IrqVectorRegistration},
    prelude::*,
    sync::Arc,
};

use crate::{
    device::Gpu,
    driver::IxDriver,
    fault::{EventHandler, FenceHandler},
};

/// Bits of a bus address that entries and packets carry.
const DMA_BITS: u32 = 48;

/// The identity of the device.
const fn device_id() -> pci::DeviceId {
    let id = bindings::pci_device_id {
        vendor: hw::pci::VENDOR_ID as u32,
        device: hw::pci::DEVICE_ID as u32,
        subvendor: !0,
        subdevice: !0,
        class: 0,
        class_mask: 0,
        driver_data: 0,
        override_only: 0,
    };
    // SAFETY: `DeviceId` is a transparent wrapper, for which the abstraction has a constructor for
    // the vendors that it knows only.
    unsafe { core::mem::transmute::<bindings::pci_device_id, pci::DeviceId>(id) }
}

kernel::pci_device_table!(
    PCI_TABLE,
    <IxPci as pci::Driver>::IdInfo,
    [(device_id(), ())]
);

/// The PCI driver.
struct IxPci;

/// A device whose memory space and bus mastering are on, until this is dropped.
struct Enabled<'a>(&'a pci::Device<Bound>);

impl<'a> Enabled<'a> {
    fn new<'c>(pdev: &'a pci::Device<Core<'c>>) -> Result<Self> {
        pdev.enable_device_mem()?;
        pdev.set_master();
        Ok(Self(pdev))
    }
}

impl Drop for Enabled<'_> {
    fn drop(&mut self) {
        let pdev = core::ptr::from_ref(self.0).cast_mut().cast();
        // SAFETY: `pci::Device` is a transparent wrapper of `struct pci_dev`, valid while we borrow
        // it; this undoes what `new()` did.
        unsafe {
            bindings::pci_clear_master(pdev);
            bindings::pci_disable_device(pdev);
        }
    }
}

/// What lives from probe to unbind. The order of the fields is that in which they go.
struct Binding<'bound> {
    _registration: drm::Registration<'bound, IxDriver>,
    _fence_irq: Option<Pin<KBox<irq::Registration<'bound, FenceHandler<'bound>>>>>,
    _event_irq: Pin<KBox<irq::ThreadedRegistration<'bound, EventHandler<'bound>>>>,
    _vectors: KBox<IrqVectorRegistration<'bound>>,
    gpu: Arc<Gpu<'bound>>,
    _enabled: Enabled<'bound>,
}

impl<'bound> Binding<'bound> {
    fn new(pdev: &'bound pci::Device<Core<'_>>) -> Result<Self> {
        let enabled = Enabled::new(pdev)?;
        // SAFETY: Nothing is mapped for the device yet.
        unsafe {
            pdev.dma_set_mask_and_coherent(DmaMask::new::<DMA_BITS>())?;
            // Page tables know no segments.
            pdev.dma_set_max_seg_size(u32::MAX);
        }

        let gpu = Gpu::new(pdev)?;
        let types = IrqTypes::default().with(IrqType::MsiX);
        let vectors = pdev.alloc_irq_vectors(1, hw::pci::IRQ_VECTORS, types)?;
        let vectors = KBox::new(vectors, GFP_KERNEL)?;
        // SAFETY: The box is stored beside the handlers and dropped after them, see `Binding`; when
        // this function fails, its locals are dropped in reverse order as well.
        let shared: &'bound IrqVectorRegistration<'bound> =
            unsafe { &*core::ptr::from_ref(&*vectors) };

        let event = shared.index(hw::pci::IRQ_EVENT as usize)?;
        let handler = Ok(EventHandler { gpu: gpu.clone() });
        // SAFETY: The registration is stored in `Binding` and not forgotten.
        let event_irq = unsafe {
            irq::ThreadedRegistration::new(event.into(), Flags::TRIGGER_NONE, c"ix-event", handler)
        };
        let event_irq = KBox::pin_init(event_irq, GFP_KERNEL)?;
        let fence_irq = if shared.len() > hw::pci::IRQ_FENCE as usize {
            let fence = shared.index(hw::pci::IRQ_FENCE as usize)?;
            let handler = Ok(FenceHandler { gpu: gpu.clone() });
            // SAFETY: As above.
            let fence_irq = unsafe {
                irq::Registration::new(fence.into(), Flags::TRIGGER_NONE, c"ix-fence", handler)
            };
            Some(KBox::pin_init(fence_irq, GFP_KERNEL)?)
        } else {
            None
        };
        gpu.enable_admin()?;

        let dev = drm::UnregisteredDevice::<IxDriver>::new(pdev, Ok(()))?;
        driver::complete(&dev);
        let data = Ok::<_, Error>(gpu.clone());
        // SAFETY: The registration is stored in `Binding` and not forgotten.
        let registration = unsafe { drm::Registration::new(pdev.as_ref(), dev, data, 0)? };
        dev_info!(
            pdev,
            "{} MiB of device memory, {} queues, {} interrupt vectors\n",
            gpu.caps.vram >> 20,
            gpu.caps.queues,
            shared.len()
        );
        Ok(Self {
            _registration: registration,
            _fence_irq: fence_irq,
            _event_irq: event_irq,
            _vectors: vectors,
            gpu,
            _enabled: enabled,
        })
    }
}

impl pci::Driver for IxPci {
    type IdInfo = ();
    type Data<'bound> = Binding<'bound>;
    const ID_TABLE: pci::IdTable<Self::IdInfo> = &PCI_TABLE;

    fn probe<'bound>(
        pdev: &'bound pci::Device<Core<'_>>,
        _info: Option<&'bound Self::IdInfo>,
    ) -> impl PinInit<Self::Data<'bound>, Error> + 'bound {
        Binding::new(pdev)
    }

    fn unbind<'bound>(_pdev: &'bound pci::Device<Core<'_>>, this: Pin<&Self::Data<'bound>>) {
        // The device must be still before files can be closed without it, and waiters must have
        // left before the registration can go.
        this.gpu.shut_down();
    }
}

kernel::module_pci_driver! {
    type: IxPci,
    name: "ix",
    authors: ["The IX authors"],
    description: "IX open GPGPU",
    license: "GPL v2",
}
