// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Contexts: who owns what, and whether it has failed.
//!
//! A *context* owns streams, events, modules and memory on one device. A fault of one of its
//! kernels makes its error *sticky*: from then on its calls fail with it, until the context is
//! destroyed; other contexts go on. Each thread has a stack of contexts; the top one is *current*.

use crate::capture;
use crate::coredump;
use crate::device::Device;
use crate::device_runtime::DeviceRuntime;
use crate::error::{Code, Error, Result};
use crate::event::{Event, EVENTS};
use crate::fault;
use crate::handle::{lock, Of, Table};
use crate::memory::allocations;
use crate::module::{Module, MODULES};
use crate::stream::Stream;
use crate::timeline::Timeline;
use crate::trace;
use std::any::Any;
use std::cell::{Cell as ThreadCell, RefCell};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock, Weak};

/// Contexts that have handles.
pub static CONTEXTS: Table<Context> = Table::new(Of::Context, "context");
/// Streams that have handles.
pub static STREAMS: Table<Stream> = Table::new(Of::Stream, "stream");

/// Handle that names the null stream in so many words.
pub const STREAM_LEGACY: u64 = 1;
/// Handle that names the calling thread's own default stream.
pub const STREAM_PER_THREAD: u64 = 2;

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// What a context is told of caches and banks.
#[derive(Debug, Default)]
pub struct Preferences {
    /// Between cache and shared memory.
    pub cache: AtomicI32,
    /// Of banks of shared memory.
    pub banks: AtomicI32,
}

/// Something that is kept until a timeline has reached a value.
type Retired = (Arc<Timeline>, u64, Box<dyn Any + Send + Sync>);

/// A context: see the module's text.
#[derive(Debug)]
pub struct Context {
    /// A number that no other context of the process ever has.
    pub id: u64,
    /// Its device.
    pub device: Arc<Device>,
    /// Its flags.
    pub flags: AtomicU32,
    /// Whether it is its device's primary context.
    pub primary: bool,
    /// What is kept for the program and has no effect.
    pub preferences: Preferences,
    /// What it leaves behind when a kernel fails.
    pub coredump: Mutex<coredump::Settings>,
    /// How often it was created or attached to, less how often it was detached from.
    pub attached: AtomicU32,
    destroyed: AtomicBool,
    failure: OnceLock<Error>,
    null: OnceLock<Arc<Stream>>,
    making_null: Mutex<()>,
    /// All streams but the null stream.
    streams: RwLock<Vec<Arc<Stream>>>,
    /// Handles of its streams, events and modules.
    handles: Mutex<HashSet<u64>>,
    /// What the device may still use, until a timeline has come that far.
    retired: Mutex<Vec<Retired>>,
    grids: AtomicU64,
    /// What its kernels call.
    pub device_runtime: DeviceRuntime,
    /// Itself.
    pub this: Weak<Context>,
}

impl Context {
    /// Creates a context on a device.
    pub fn new(device: &Arc<Device>, flags: u32, primary: bool) -> Result<Arc<Context>> {
        device.backend.check()?;
        Ok(Arc::new_cyclic(|this| Context {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            device: Arc::clone(device),
            flags: AtomicU32::new(flags),
            primary,
            preferences: Preferences::default(),
            coredump: Mutex::new(lock(&coredump::GLOBAL).clone()),
            attached: AtomicU32::new(1),
            destroyed: AtomicBool::new(false),
            failure: OnceLock::new(),
            null: OnceLock::new(),
            making_null: Mutex::new(()),
            streams: RwLock::default(),
            handles: Mutex::default(),
            retired: Mutex::default(),
            grids: AtomicU64::new(1),
            device_runtime: DeviceRuntime::default(),
            this: Weak::clone(this),
        }))
    }

    /// Fails when the context has failed or was destroyed, or the device is gone.
    pub fn check(&self) -> Result<()> {
        if self.destroyed.load(Ordering::Relaxed) {
            return Err(Error::new(Code::CONTEXT_IS_DESTROYED, "the current context has been destroyed"));
        }
        if let Some(failure) = self.failure.get() {
            return Err(failure.clone());
        }
        self.device.backend.check()
    }

    /// Like [`Context::check`], and notices streams that a fault has stopped.
    pub fn look(&self) -> Result<()> {
        self.check()?;
        if let Some(stopped) = self.null.get().filter(|s| s.is_stopped()) {
            return Err(self.fail(stopped));
        }
        match self.streams_where(Stream::is_stopped).first() {
            Some(stopped) => Err(self.fail(stopped)),
            None => Ok(()),
        }
    }

    /// Makes the fault that stopped `stream` the context's error, unless it has one, and returns it.
    pub fn fail(&self, stream: &Stream) -> Error {
        if let Some(failure) = self.failure.get() {
            return failure.clone();
        }
        let error = match self.device.backend.fault(&stream.queue) {
            Ok(Some(record)) => fault::explain(&record, self),
            Ok(None) => Error::new(Code::LAUNCH_FAILED, "a queue stopped and the device does not say why"),
            Err(error) => error,
        };
        let mut is_first = false;
        let failure = self.failure.get_or_init(|| {
            is_first = true;
            error
        });
        // What the kernel printed before it failed says most about why.
        self.device_runtime.flush_unless_busy(self);
        if is_first {
            coredump::write(self, failure);
        }
        failure.clone()
    }

    /// The null stream, made at its first use.
    pub fn null(self: &Arc<Context>) -> Result<&Arc<Stream>> {
        if let Some(null) = self.null.get() {
            return Ok(null);
        }
        let _one = lock(&self.making_null);
        if let Some(null) = self.null.get() {
            return Ok(null);
        }
        let null = Arc::new(Stream::new(self, 0, 0, true)?);
        Ok(self.null.get_or_init(|| null))
    }

    /// The null stream, if it was ever used.
    pub fn null_if_used(&self) -> Option<&Arc<Stream>> {
        self.null.get()
    }

    /// Creates a stream other than the null stream.
    pub fn create_stream(self: &Arc<Context>, flags: u32, priority: i32) -> Result<Arc<Stream>> {
        self.reap();
        let stream = Arc::new(Stream::new(self, flags, priority, false)?);
        self.streams.write().unwrap_or_else(|e| e.into_inner()).push(Arc::clone(&stream));
        Ok(stream)
    }

    /// All streams, with the null stream if it was ever used.
    pub fn all_streams(&self) -> Vec<Arc<Stream>> {
        let streams = self.streams.read().unwrap_or_else(|e| e.into_inner());
        streams.iter().chain(self.null.get()).cloned().collect()
    }

    /// Records an event behind what all streams were given so far.
    pub fn record_event(self: &Arc<Context>, event: &Event) -> Result<()> {
        let streams = self.all_streams();
        // A stream of its own waits for all the others; it goes when it is idle.
        let joining = self.create_stream(crate::stream::NON_BLOCKING, 0)?;
        joining.destroyed.store(true, Ordering::Relaxed);
        let mut batch = joining.begin(self)?;
        for stream in streams {
            if !stream.idle() {
                let mark = stream.mark(self)?;
                batch.wait(&stream.timeline, mark.value)?;
            }
        }
        event.record_in(self, &joining, &mut batch)
    }

    /// The streams, but for the null stream, for which `f` holds. Nothing is locked afterwards: whoever waits for a
    /// stream must not keep others from making streams, behind whom those would wait that the stream needs.
    pub fn streams_where(&self, f: impl Fn(&Stream) -> bool) -> Vec<Arc<Stream>> {
        let streams = self.streams.read().unwrap_or_else(|e| e.into_inner());
        streams.iter().filter(|s| f(s)).cloned().collect()
    }

    /// Lets go of destroyed streams and retired cells that the device is done with.
    pub fn reap(&self) {
        let done = |s: &Arc<Stream>| s.destroyed.load(Ordering::Relaxed) && s.idle();
        let mut streams = self.streams.write().unwrap_or_else(|e| e.into_inner());
        let (gone, rest) = std::mem::take(&mut *streams).into_iter().partition(done);
        *streams = rest;
        drop(streams);
        drop::<Vec<_>>(gone);
        self.let_go();
    }

    /// Lets go of retired things that the device is done with.
    pub fn let_go(&self) {
        let mut retired = lock(&self.retired);
        let (gone, rest) = std::mem::take(&mut *retired).into_iter().partition(|(timeline, value, _)| timeline.reached(*value));
        *retired = rest;
        drop(retired);
        drop::<Vec<_>>(gone);
    }

    /// Keeps something until `timeline` has reached `value`.
    pub fn retire(&self, timeline: Arc<Timeline>, value: u64, kept: impl Any + Send + Sync) {
        if timeline.reached(value) {
            return;
        }
        let mut retired = lock(&self.retired);
        retired.push((timeline, value, Box::new(kept)));
        let many = retired.len();
        drop(retired);
        // A program need not ever do what lets go of them otherwise.
        if many >= 64 && many.is_power_of_two() {
            self.let_go();
        }
    }

    /// A number for a launch.
    pub fn next_grid(&self) -> u64 {
        self.grids.fetch_add(1, Ordering::Relaxed)
    }

    /// Notes a handle that goes with the context.
    pub fn own(&self, handle: u64) {
        lock(&self.handles).insert(handle);
    }

    /// Forgets a handle.
    pub fn disown(&self, handle: u64) {
        lock(&self.handles).remove(&handle);
    }

    /// Waits for everything.
    pub fn synchronize(&self) -> Result<()> {
        self.look()?;
        if let Some(null) = self.null.get() {
            null.wait_for(self, null.position())?;
        }
        let streams = self.streams.read().unwrap_or_else(|e| e.into_inner()).clone();
        for stream in streams {
            stream.wait_for(self, stream.position())?;
        }
        self.device_runtime.flush(self);
        self.look()
    }

    /// Waits for all streams that keep order with the null stream.
    pub fn wait_for_blocking_streams(&self) -> Result<()> {
        let streams = self.streams.read().unwrap_or_else(|e| e.into_inner()).clone();
        streams.iter().filter(|s| s.is_blocking()).try_for_each(|s| s.wait_for(self, s.position()))
    }

    /// Ends the context: waits for its work unless it has failed, then frees all that it owns.
    pub fn destroy(&self) {
        // A failed context's queues are ended by force; of others nothing is running any more.
        let _ = self.synchronize();
        self.destroyed.store(true, Ordering::Relaxed);
        for handle in std::mem::take(&mut *lock(&self.handles)) {
            // It is in one of the tables, or the program destroyed it meanwhile.
            let _ = STREAMS.remove(handle);
            let _ = EVENTS.remove(handle);
            if let Ok(module) = MODULES.remove(handle) {
                Module::forget_functions(&module);
            }
        }
        // Queues end before the memory goes that their kernels may be using.
        let streams = std::mem::take(&mut *self.streams.write().unwrap_or_else(|e| e.into_inner()));
        for stream in streams.iter().chain(self.null.get()) {
            capture::abandon(stream);
            stream.end();
        }
        self.device_runtime.end();
        drop(std::mem::take(&mut *lock(&self.retired)));
        drop(allocations::remove_of(self.id));
        if let Some(timeline) = trace::timeline() {
            timeline.write();
        }
    }
}

thread_local! {
    /// What handle 0 names: [`STREAM_LEGACY`] or, in calls of that kind, [`STREAM_PER_THREAD`].
    static DEFAULT_STREAM: ThreadCell<u64> = const { ThreadCell::new(STREAM_LEGACY) };
    static STACK: RefCell<Vec<(u64, Arc<Context>)>> = const { RefCell::new(Vec::new()) };
    static OWN_STREAMS: RefCell<Vec<Arc<Stream>>> = const { RefCell::new(Vec::new()) };
}

fn with_stack<R>(f: impl FnOnce(&mut Vec<(u64, Arc<Context>)>) -> R) -> Result<R> {
    STACK.try_with(|stack| f(&mut stack.borrow_mut())).map_err(|_| Error::new(Code::DEINITIALIZED, "the thread is ending"))
}

/// Makes a context current on top of the others.
pub fn push(handle: u64, context: Arc<Context>) -> Result<()> {
    with_stack(|stack| stack.push((handle, context)))
}

/// Takes the current context off the stack.
pub fn pop() -> Result<(u64, Arc<Context>)> {
    with_stack(Vec::pop)?.ok_or(Error::new(Code::INVALID_CONTEXT, "there is no current context"))
}

/// Puts another context in the place of the current one; `None` only takes that away.
pub fn set(context: Option<(u64, Arc<Context>)>) -> Result<()> {
    with_stack(|stack| {
        stack.pop();
        stack.extend(context);
    })
}

/// The handle of the current context, if there is one.
pub fn current_handle() -> Result<Option<u64>> {
    with_stack(|stack| stack.last().map(|(handle, _)| *handle))
}

/// The current context, whatever its state.
pub fn current_unchecked() -> Result<Arc<Context>> {
    crate::device::all()?;
    with_stack(|stack| stack.last().map(|(_, context)| Arc::clone(context)))?
        .ok_or(Error::new(Code::INVALID_CONTEXT, "there is no current context on this thread; call ixCtxCreate or ixCtxSetCurrent"))
}

/// The current context, which has not failed.
pub fn current() -> Result<Arc<Context>> {
    let context = current_unchecked()?;
    context.check()?;
    Ok(context)
}

/// Calls `f` with the thread's own default stream in the place of the null stream.
pub fn with_own_default_stream<R>(f: impl FnOnce() -> R) -> R {
    /// Puts things back, also when `f` panics.
    struct Back(u64);
    impl Drop for Back {
        fn drop(&mut self) {
            DEFAULT_STREAM.set(self.0);
        }
    }
    let _back = Back(DEFAULT_STREAM.replace(STREAM_PER_THREAD));
    f()
}

/// Whether `handle` names the null stream in this call.
pub fn is_legacy(handle: u64) -> bool {
    handle == STREAM_LEGACY || handle == 0 && DEFAULT_STREAM.get() == STREAM_LEGACY
}

/// The stream that `handle` names for the calling thread, and its context.
pub fn stream(handle: u64) -> Result<(Arc<Context>, Arc<Stream>)> {
    match if handle == 0 { DEFAULT_STREAM.get() } else { handle } {
        STREAM_LEGACY => {
            let context = current()?;
            let null = Arc::clone(context.null()?);
            Ok((context, null))
        }
        STREAM_PER_THREAD => {
            let context = current()?;
            let own = OWN_STREAMS
                .try_with(|own| own.borrow().iter().find(|s| s.context_id == context.id).cloned())
                .map_err(|_| Error::new(Code::DEINITIALIZED, "the thread is ending"))?;
            let stream = match own {
                Some(stream) => stream,
                None => {
                    let stream = context.create_stream(0, 0)?;
                    let _ = OWN_STREAMS.try_with(|own| {
                        own.borrow_mut().retain(|s| !s.has_ended());
                        own.borrow_mut().push(Arc::clone(&stream));
                    });
                    stream
                }
            };
            Ok((context, stream))
        }
        _ => {
            crate::device::all()?;
            let stream = STREAMS.get(handle)?;
            let context = stream.context.upgrade().ok_or(Error::new(Code::CONTEXT_IS_DESTROYED, "the stream's context is gone"))?;
            context.check()?;
            Ok((context, stream))
        }
    }
}
