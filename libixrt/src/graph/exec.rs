// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Executable graphs: prepared streams of packets.
//!
//! Instantiating a graph copies its nodes, those of child graphs in the place of these, and gives
//! each a *level*: one more than the highest of those it depends on. The nodes of a level may run
//! side by side; in the ring, all packets of a level but the first have the OVERLAP flag, and the
//! first one waits for the level before.
//!
//! An *instance* is the graph as the device takes it: the packets, and memory with the descriptors,
//! parameters and staging that these point at. Launching copies the packets into a stream's ring.
//! Changing a node changes no instance that is in flight: the next launch takes one that is idle,
//! or makes another, and brings it up to date.

use super::node::{self, GraphMemory, Kernel, Kind, MemOp};
use super::transfer::{self, OnHost, Step as CopyStep};
use super::{footprint, Graph, Node};
use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::event::Point;
use crate::handle::lock;
use crate::launch::{self, Shape};
use crate::memory::{allocations, Allocation, Block};
use crate::packets::{Packet, Plain, Raw};
use crate::stream::{Batch, Stream};
use ix_hw::dispatch::Descriptor;
use ix_hw::packet::{self, header, Opcode, FLAG_OVERLAP};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, Weak};

/// Flag of instantiation: memory that the graph has taken and nobody gave back is taken again.
pub const AUTO_FREE: u64 = 1;
/// Flag of instantiation: upload too, which here is what every instantiation does.
pub const UPLOAD: u64 = 2;
/// Flag of instantiation: nodes have priorities of their own. A hint.
pub const NODE_PRIORITY: u64 = 8;

/// Alignment of the parts of an instance's memory.
const PART: u64 = 64;

/// Which node: its graph's id and its index there.
type Key = (u64, u32);

/// A node of an executable graph.
#[derive(Debug, Clone)]
struct Task {
    key: Key,
    kind: Kind,
    level: u32,
    enabled: bool,
    /// The generation that changed it last.
    changed: u64,
    /// Where its part of the instance's memory is.
    part: Range<u64>,
}

/// What a launch does in order.
#[derive(Debug, Clone)]
enum Step {
    /// Packets, by their range.
    Packets(Range<usize>),
    /// A copy by the CPU.
    OnHost(OnHost),
    /// What only a launch can do for a task, by its number.
    Task(usize),
}

/// An instance: see the module's text.
#[derive(Debug)]
struct Instance {
    memory: Option<Arc<Block>>,
    packets: Vec<Raw>,
    steps: Arc<[Step]>,
    /// Layout and generation that it has.
    layout: u64,
    generation: u64,
    last: Option<Point>,
}

impl Instance {
    fn is_idle(&self) -> bool {
        self.last.as_ref().is_none_or(|point| point.reached() || point.stream.upgrade().is_none_or(|s| s.has_ended()))
    }
}

#[derive(Debug)]
struct State {
    tasks: Vec<Task>,
    by_key: HashMap<Key, usize>,
    /// Bytes of an instance's memory.
    bytes: u64,
    /// Rises with each change of a node, and with each one that changes more than a launch.
    generation: u64,
    layout: u64,
    instances: Vec<Instance>,
    last: Option<Point>,
}

/// An executable graph.
#[derive(Debug)]
pub struct Exec {
    /// The context that it was instantiated in.
    pub context: Weak<Context>,
    /// Flags of its instantiation.
    pub flags: u64,
    /// The graph as it was then.
    graph: Arc<Graph>,
    /// Number of the device.
    device: usize,
    state: Mutex<State>,
}

/// Why an update is not possible; CUDA's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// It failed for an unexpected reason.
    Error = 1,
    /// Nodes or edges differ.
    Topology = 2,
    /// A node has another type.
    NodeType = 3,
    /// A node's parameters changed in a way that is not supported.
    Parameters = 5,
}

/// The tasks of a graph, in an order in which they can run: by level, else as they were added.
fn tasks(graph: &Arc<Graph>) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    collect(graph, 0, &mut tasks)?;
    tasks.sort_by_key(|task| task.level);
    Ok(tasks)
}

/// Adds the tasks of a graph from a level on; returns the first level behind them.
fn collect(graph: &Arc<Graph>, first: u32, tasks: &mut Vec<Task>) -> Result<u32> {
    let nodes: HashMap<u32, Node> = graph.nodes().into_iter().collect();
    // The level behind each node that has one.
    let mut behind: HashMap<u32, u32> = HashMap::with_capacity(nodes.len());
    let mut waiting: Vec<u32> = nodes.keys().copied().collect();
    waiting.sort_unstable();
    let mut last = first;
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut rest = Vec::new();
        for index in waiting {
            let node = &nodes[&index];
            let level = node.needs.iter().try_fold(first, |level, need| behind.get(need).map(|b| level.max(*b)));
            let Some(level) = level else {
                rest.push(index);
                continue;
            };
            let end = match &node.kind {
                Kind::Child(child) => collect(child, level, tasks)?,
                Kind::Empty => level,
                _ => level + 1,
            };
            behind.insert(index, end);
            last = last.max(end);
            let key = (graph.id, index);
            tasks.push(Task { key, kind: node.kind.clone(), level, enabled: true, changed: 0, part: 0..0 });
        }
        if rest.len() == before {
            return Err(Error::invalid("the graph has a cycle"));
        }
        waiting = rest;
    }
    Ok(last)
}

impl State {
    /// Gives the tasks their parts of memory. Every instance is out of date then.
    fn lay_out(&mut self) -> Result<()> {
        for task in &self.tasks {
            if let Kind::Take(memory) = &task.kind {
                memory.prepare();
            }
        }
        let mut at = 0u64;
        for task in &mut self.tasks {
            let size = match &task.kind {
                Kind::Kernel(kernel) => size_of::<Descriptor>() as u64 + u64::from(kernel.function.kernel.param_size),
                Kind::Copy(copy) => transfer::staging(copy)?,
                _ => 0,
            };
            task.part = at..at + size;
            at = (at + size).next_multiple_of(PART);
        }
        self.bytes = at;
        self.generation += 1;
        self.layout = self.generation;
        Ok(())
    }

    fn task(&mut self, key: Key) -> Result<usize> {
        self.by_key.get(&key).copied().ok_or(Error::invalid("the node is not one of the graph that was instantiated"))
    }

    /// Puts another kind in the place of a task's, of the same type.
    fn replace(&mut self, at: usize, kind: Kind) -> Result<()> {
        let task = &mut self.tasks[at];
        if let (Kind::Kernel(_), Kind::Kernel(kernel)) = (&task.kind, &kind) {
            let size = size_of::<Descriptor>() as u64 + u64::from(kernel.function.kernel.param_size);
            if size <= task.part.end - task.part.start {
                self.generation += 1;
                task.changed = self.generation;
                task.kind = kind;
                return Ok(());
            }
        }
        let old = std::mem::replace(&mut task.kind, kind);
        let laid_out = self.lay_out();
        if laid_out.is_err() {
            self.tasks[at].kind = old;
            self.lay_out()?;
        }
        laid_out
    }

    /// Number of an instance that is up to date.
    fn instance(&mut self, context: &Context) -> Result<usize> {
        let current = |i: &Instance| i.layout == self.layout && i.generation == self.generation;
        if let Some(i) = self.instances.iter().position(current) {
            return Ok(i);
        }
        self.instances.retain(|i| i.layout == self.layout || !i.is_idle());
        if let Some(i) = self.instances.iter().position(|i| i.layout == self.layout && i.is_idle()) {
            let since = self.instances[i].generation;
            for task in self.tasks.iter().filter(|task| task.changed > since) {
                write(context, task, self.instances[i].memory.as_deref())?;
            }
            self.instances[i].generation = self.generation;
            return Ok(i);
        }
        let made = self.make(context)?;
        self.instances.push(made);
        Ok(self.instances.len() - 1)
    }

    /// Puts an instance into a stream, and what it gives back into `given`. Returns the value that the stream's timeline
    /// has when it is done.
    fn put(&mut self, at: usize, context: &Arc<Context>, stream: &Arc<Stream>, given: &mut Vec<Arc<Allocation>>) -> Result<u64> {
        let mut batch = stream.begin(context)?;
        // Launches of one executable graph run one after the other.
        if let Some(last) = self.last.take() {
            last.hold(stream, &mut batch)?;
        }
        let steps = Arc::clone(&self.instances[at].steps);
        for step in steps.iter() {
            match step {
                Step::Packets(range) => batch.push_all(&self.instances[at].packets[range.clone()])?,
                Step::OnHost(copy) => {
                    let (copy, memory) = (*copy, self.instances[at].memory.clone());
                    batch.host(stream, move |outcome| {
                        if outcome.is_ok() {
                            // SAFETY: the program's memory is valid by its word, and staging is
                            // kept by `memory`.
                            unsafe { copy.run() };
                        }
                        drop(memory);
                    })?;
                }
                Step::Task(i) => match &self.tasks[*i].kind {
                    Kind::Give(address) => given.extend(node::given(*address)),
                    kind => run(kind, context, stream, &mut batch)?,
                },
            }
        }
        batch.finish_marked()
    }

    /// Makes an instance.
    fn make(&self, context: &Context) -> Result<Instance> {
        let memory = match self.bytes {
            0 => None,
            bytes => Some(Arc::new(context.device.system.take(bytes, PART)?)),
        };
        let start = memory.as_ref().map_or(0, |m| m.va);
        let mut program = Program { packets: Vec::new(), steps: Vec::new(), open: 0 };
        let mut next = 0;
        for level in self.tasks.chunk_by(|a, b| a.level == b.level) {
            let first = next;
            next += level.len();
            let mut overlap = 0;
            let enabled = || level.iter().enumerate().filter(|(_, task)| task.enabled);
            // What can run side by side comes first.
            for (_, task) in enabled() {
                let at = start + task.part.start;
                match &task.kind {
                    Kind::Kernel(_) => {
                        write(context, task, memory.as_deref())?;
                        program.packets.push(launch::packet(at, overlap).raw());
                    }
                    Kind::Fill(fill) => match transfer::fill(fill)? {
                        Some(packet) => program.packets.push(transfer::with_flags(&packet, Opcode::Fill, overlap)),
                        None => continue,
                    },
                    Kind::Copy(copy) if task.part.is_empty() => {
                        for step in transfer::steps(copy, 0)? {
                            if let CopyStep::Packet(packet) = step {
                                program.packets.push(transfer::with_flags(&packet, Opcode::Copy, overlap));
                                overlap = FLAG_OVERLAP;
                            }
                        }
                        continue;
                    }
                    _ => continue,
                }
                overlap = FLAG_OVERLAP;
            }
            for (i, task) in enabled() {
                match &task.kind {
                    Kind::Copy(copy) if !task.part.is_empty() => {
                        for step in transfer::steps(copy, start + task.part.start)? {
                            match step {
                                CopyStep::Packet(packet) => program.packets.push(packet.raw()),
                                CopyStep::Host(copy) => program.step(Step::OnHost(copy)),
                            }
                        }
                    }
                    Kind::MemOps(ops) => program.packets.extend(ops.ops().iter().filter_map(mem_op)),
                    Kind::Host(_) | Kind::WaitEvent(_) | Kind::RecordEvent(_) | Kind::Take(_) | Kind::Give(_) => {
                        program.step(Step::Task(first + i));
                    }
                    _ => {}
                }
            }
        }
        program.close();
        Ok(Instance {
            memory,
            packets: program.packets,
            steps: program.steps.into(),
            layout: self.layout,
            generation: self.generation,
            last: None,
        })
    }
}

/// An instance's packets and steps while they are made.
struct Program {
    packets: Vec<Raw>,
    steps: Vec<Step>,
    /// First packet that is in no step yet.
    open: usize,
}

impl Program {
    fn close(&mut self) {
        if self.open < self.packets.len() {
            self.steps.push(Step::Packets(self.open..self.packets.len()));
            self.open = self.packets.len();
        }
    }

    fn step(&mut self, step: Step) {
        self.close();
        self.steps.push(step);
    }
}

/// The packet of an operation on a value in memory.
pub fn mem_op(op: &MemOp) -> Option<Raw> {
    match *op {
        MemOp::Wait { address, compare, value } => {
            Some(packet::Wait { header: header(Opcode::Wait, 0), compare, va: address, value, ..packet::Wait::ZERO }.raw())
        }
        MemOp::Write { address, value, size } => Some(
            packet::Fill {
                header: header(Opcode::Fill, 0),
                rows: 1,
                dst_va: address,
                width: 1,
                value,
                element: size,
                ..packet::Fill::ZERO
            }
            .raw(),
        ),
        MemOp::Barrier => None,
    }
}

/// Writes a launch's descriptor and parameters into an instance's memory.
fn write(context: &Context, task: &Task, memory: Option<&Block>) -> Result<()> {
    let (Kind::Kernel(kernel), Some(memory)) = (&task.kind, memory) else { return Ok(()) };
    let checked = launch::check(context, &kernel.function, &kernel.shape)?;
    let at = memory.va + task.part.start;
    let params = at + size_of::<Descriptor>() as u64;
    let descriptor = launch::descriptor(context, &kernel.function, kernel.tag, &checked, params);
    // SAFETY: the part is mapped system memory, large enough, and not in use by the device.
    unsafe {
        std::ptr::copy_nonoverlapping(descriptor.bytes().as_ptr(), at as *mut u8, size_of::<Descriptor>());
        std::ptr::copy_nonoverlapping(kernel.params().as_ptr(), params as *mut u8, kernel.params().len());
    }
    Ok(())
}

/// Checks what a kernel node may be. A grid may be without blocks until it is launched, so that a
/// program can make a graph before it knows its sizes.
fn check(context: &Context, kernel: &Kernel) -> Result<()> {
    let shape = Shape { grid: kernel.shape.grid.map(|n| n.max(1)), ..kernel.shape };
    launch::check(context, &kernel.function, &shape).map(drop)
}

/// Whether a task has a grid without blocks.
fn is_unsized(task: &Task) -> bool {
    matches!(&task.kind, Kind::Kernel(kernel) if kernel.shape.grid.contains(&0))
}

impl Exec {
    /// Instantiates a graph in a context.
    pub fn new(context: &Arc<Context>, graph: &Arc<Graph>, flags: u64) -> Result<Arc<Exec>> {
        let tasks = tasks(graph)?;
        for task in &tasks {
            if let Kind::Kernel(kernel) = &task.kind {
                check(context, kernel)?;
            }
        }
        let by_key = tasks.iter().enumerate().map(|(i, task)| (task.key, i)).collect();
        let mut state = State { tasks, by_key, bytes: 0, generation: 0, layout: 0, instances: Vec::new(), last: None };
        state.lay_out()?;
        if !state.tasks.iter().any(is_unsized) {
            state.instance(context)?;
        }
        Ok(Arc::new(Exec {
            context: Arc::downgrade(context),
            flags,
            graph: graph.duplicate(true)?,
            device: context.device.ordinal,
            state: Mutex::new(state),
        }))
    }

    fn own_context(&self) -> Result<Arc<Context>> {
        let context = self.context.upgrade().ok_or(Error::new(Code::CONTEXT_IS_DESTROYED, "the executable graph's context is gone"))?;
        context.check()?;
        Ok(context)
    }

    /// Makes the next launch as quick as all others.
    pub fn upload(&self) -> Result<()> {
        let context = self.own_context()?;
        lock(&self.state).instance(&context).map(drop)
    }

    /// Runs it in a stream.
    pub fn launch(&self, context: &Arc<Context>, stream: &Arc<Stream>) -> Result<()> {
        if stream.capture.is_active() {
            return stream.capture.add(Kind::Child(self.graph.duplicate(true)?));
        }
        let own = self.own_context()?;
        if context.device.ordinal != self.device {
            return Err(Error::invalid("the graph was instantiated on another device than the stream's"));
        }
        let mut state = lock(&self.state);
        let at = state.instance(&own)?;
        if self.flags & AUTO_FREE == 0 {
            let live = |task: &Task| matches!(&task.kind, Kind::Take(memory) if memory.is_live());
            if state.tasks.iter().any(live) {
                return Err(Error::invalid("memory that the graph took when it ran last has not been given back"));
            }
        }
        let mut given = Vec::new();
        let put = state.put(at, context, stream, &mut given);
        // After an error too: what it had put into the ring by then uses the instance.
        let value = match put {
            Ok(value) => value,
            Err(ref error) => stream.mark(context).map_err(|_| error.clone())?.value,
        };
        let point = Point::new(stream, value);
        // Memory that was given back may still be in use by what comes before in the stream.
        for allocation in given {
            context.retire(Arc::clone(&point.timeline), point.value, allocation);
        }
        state.instances[at].last = Some(point.clone());
        state.last = Some(point);
        put.map(drop)
    }

    /// Ends it, once the device is done with it.
    pub fn end(self: Arc<Exec>) {
        self.graph.forget();
        let last = lock(&self.state).last.take();
        if let (Some(Point { timeline, value, .. }), Some(context)) = (last, self.context.upgrade()) {
            context.retire(timeline, value, self);
        }
    }

    /// What a node does now.
    pub fn kind(&self, key: Key) -> Result<Kind> {
        let mut state = lock(&self.state);
        let at = state.task(key)?;
        Ok(state.tasks[at].kind.clone())
    }

    /// Changes what a node does, from the next launch on, to something of the same type.
    pub fn set(&self, key: Key, kind: Kind) -> Result<()> {
        let context = self.own_context()?;
        if let Kind::Kernel(kernel) = &kind {
            check(&context, kernel)?;
        }
        let mut state = lock(&self.state);
        let at = state.task(key)?;
        if state.tasks[at].kind.number() != kind.number() {
            return Err(state.tasks[at].kind.other(kind.name()));
        }
        let kind = state.tasks[at].kind.replaced_by(kind);
        state.replace(at, kind)
    }

    /// Puts another graph of the same shape in the place of a child graph of the one that was
    /// instantiated.
    pub fn set_child(&self, child: &Arc<Graph>, graph: &Arc<Graph>) -> Result<()> {
        self.replace_all(child, graph).map_err(|(_, _, error)| error)
    }

    /// Whether a node runs.
    pub fn is_enabled(&self, key: Key) -> Result<bool> {
        let mut state = lock(&self.state);
        let at = state.task(key)?;
        Ok(state.tasks[at].enabled)
    }

    /// Makes a node run or not, from the next launch on.
    pub fn enable(&self, key: Key, enabled: bool) -> Result<()> {
        let mut state = lock(&self.state);
        let at = state.task(key)?;
        if !matches!(state.tasks[at].kind, Kind::Kernel(_) | Kind::Copy(_) | Kind::Fill(_)) {
            return Err(state.tasks[at].kind.other("kernel, copy or fill"));
        }
        if state.tasks[at].enabled != enabled {
            state.tasks[at].enabled = enabled;
            state.lay_out()?;
        }
        Ok(())
    }

    /// Takes over what the nodes of a graph do that has the same shape. Otherwise says why not,
    /// and the handle of the node, if it is one's fault.
    pub fn update(&self, graph: &Arc<Graph>) -> std::result::Result<(), (Mismatch, u64, Error)> {
        self.replace_all(&self.graph, graph)
    }

    /// Takes over what the nodes of `new` do in the place of those of `old`, which is this graph
    /// or a child of it.
    fn replace_all(&self, old: &Arc<Graph>, new: &Arc<Graph>) -> std::result::Result<(), (Mismatch, u64, Error)> {
        let mut found = Vec::new();
        compare(old, new, &mut found)?;
        let failed = |error: Error| (Mismatch::Error, 0, error);
        let context = self.own_context().map_err(failed)?;
        for (_, handle, kind) in &found {
            if let Kind::Kernel(kernel) = kind {
                check(&context, kernel).map_err(|e| (Mismatch::Parameters, *handle, e))?;
            }
        }
        let mut state = lock(&self.state);
        for (key, handle, kind) in found {
            // Keys of the copy stand for those of the graph that was instantiated.
            let at = state.task_of_copy(&self.graph, key).map_err(failed)?;
            state.replace(at, kind).map_err(|e| (Mismatch::Parameters, handle, e))?;
        }
        Ok(())
    }
}

impl State {
    /// The task of a node that is named by the executable graph's own copy of the graph.
    fn task_of_copy(&mut self, copy: &Arc<Graph>, key: Key) -> Result<usize> {
        match self.by_key.get(&key) {
            Some(at) => Ok(*at),
            None => {
                let origin = origin(copy, key.0).ok_or(Error::invalid("the node is not one of the graph that was instantiated"))?;
                self.task((origin, key.1))
            }
        }
    }
}

/// Id of the graph from which the one with `id`, which is `graph` or in it, was copied.
fn origin(graph: &Arc<Graph>, id: u64) -> Option<u64> {
    if graph.id == id {
        return graph.origin;
    }
    graph.nodes().iter().find_map(|(_, node)| match &node.kind {
        Kind::Child(child) => origin(child, id),
        _ => None,
    })
}

/// Pairs the nodes of two graphs in the order in which they were added, child graphs' too: keys of
/// `old`, handles and kinds of `new`.
fn compare(old: &Arc<Graph>, new: &Arc<Graph>, found: &mut Vec<(Key, u64, Kind)>) -> std::result::Result<(), (Mismatch, u64, Error)> {
    let (olds, news) = (old.nodes(), new.nodes());
    let topology = |handle, what: &str| (Mismatch::Topology, handle, Error::new(Code::GRAPH_EXEC_UPDATE_FAILURE, what.to_string()));
    if olds.len() != news.len() {
        return Err(topology(0, "the graph has another number of nodes than the instantiated one"));
    }
    let place = |nodes: &[(u32, Node)], index: u32| nodes.binary_search_by_key(&index, |(i, _)| *i).ok();
    for ((index, a), (_, b)) in olds.iter().zip(&news) {
        if a.kind.number() != b.kind.number() {
            let text = format!("a {} node of the graph is a {} node in the instantiated one", b.kind.name(), a.kind.name());
            return Err((Mismatch::NodeType, b.handle, Error::new(Code::GRAPH_EXEC_UPDATE_FAILURE, text)));
        }
        let needs = |nodes: &[(u32, Node)], node: &Node| {
            let mut needs: Vec<_> = node.needs.iter().map(|n| place(nodes, *n)).collect();
            needs.sort_unstable();
            needs
        };
        if needs(&olds, a) != needs(&news, b) {
            return Err(topology(b.handle, "a node has other dependencies than in the instantiated graph"));
        }
        match (&a.kind, &b.kind) {
            (Kind::Child(a), Kind::Child(b)) => compare(a, b, found)?,
            (Kind::Take(_) | Kind::Give(_), _) => {}
            (_, kind) => found.push(((old.id, *index), b.handle, kind.clone())),
        }
    }
    Ok(())
}

/// Does what only a launch can do for a node.
fn run(kind: &Kind, context: &Arc<Context>, stream: &Arc<Stream>, batch: &mut Batch<'_>) -> Result<()> {
    match kind {
        Kind::Host(host) => {
            let host = *host;
            batch.host(stream, move |outcome| host.run(outcome))
        }
        Kind::WaitEvent(event) => match event.point()? {
            Some(point) => point.hold(stream, batch),
            None => Ok(()),
        },
        Kind::RecordEvent(event) => event.record_in(context, stream, batch),
        Kind::Take(memory) => {
            memory.take();
            Ok(())
        }
        _ => Ok(()),
    }
}

impl GraphMemory {
    /// Whether a launch has taken it and nobody gave it back.
    pub fn is_live(&self) -> bool {
        self.taken.load(Ordering::Acquire) && allocations::starting_at(self.address()).is_some()
    }

    /// Makes its address known again after a launch or the program has given the memory back: the
    /// graph still has it.
    pub fn prepare(&self) {
        if allocations::starting_at(self.address()).is_none() {
            self.taken.store(false, Ordering::Release);
            allocations::add_shared(&self.allocation);
        }
    }

    fn take(&self) {
        allocations::add_shared(&self.allocation);
        self.taken.store(true, Ordering::Release);
        footprint::changed(self.allocation.device);
    }
}
