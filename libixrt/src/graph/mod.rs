// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Graphs: work that is described first and run later, as often as a program likes.
//!
//! A *graph* has *nodes*: launches, copies, fills and so on ([`node::Kind`]), each of which
//! depends on others. A node's *index* is its place in its graph and never changes; a clone's
//! nodes have the indices of those they were made from. Instantiating a graph gives an [`exec`],
//! which is what runs.

pub mod dot;
pub mod exec;
pub mod footprint;
pub mod node;
pub mod object;
pub mod transfer;

use crate::error::{Code, Error, Result};
use crate::handle::{lock, Of, Table};
use node::Kind;
use object::UserObject;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};

/// Graphs that have handles.
pub static GRAPHS: Table<Graph> = Table::new(Of::Graph, "graph");
/// Nodes of all graphs.
pub static NODES: Table<NodeName> = Table::new(Of::GraphNode, "graph node");
/// Executable graphs that have handles.
pub static EXECS: Table<exec::Exec> = Table::new(Of::GraphExec, "executable graph");

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// What a node's handle names.
#[derive(Debug)]
pub struct NodeName {
    /// Its graph.
    pub graph: Weak<Graph>,
    /// Its index there.
    pub index: u32,
}

impl NodeName {
    /// Its graph.
    pub fn graph(&self) -> Result<Arc<Graph>> {
        self.graph.upgrade().ok_or(Error::new(Code::INVALID_HANDLE, "the node's graph is gone"))
    }
}

/// A node.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it does.
    pub kind: Kind,
    /// Nodes that it depends on, in the order in which that was said.
    pub needs: Vec<u32>,
    /// Its handle.
    pub handle: u64,
}

/// A graph: see the module's text.
#[derive(Debug)]
pub struct Graph {
    /// A number that no other graph of the process ever has.
    pub id: u64,
    /// Id of the graph that it was cloned from.
    pub origin: Option<u64>,
    /// Its own handle, once it has one.
    handle: OnceLock<u64>,
    /// Whether it belongs to a child graph node.
    pub embedded: bool,
    /// Whether it ever had a node that takes memory.
    takes_memory: AtomicBool,
    nodes: Mutex<Vec<Option<Node>>>,
    objects: Mutex<Vec<(Arc<UserObject>, u32)>>,
}

impl Graph {
    fn make(origin: Option<u64>, embedded: bool) -> Graph {
        Graph {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            origin,
            handle: OnceLock::new(),
            embedded,
            takes_memory: AtomicBool::new(false),
            nodes: Mutex::default(),
            objects: Mutex::default(),
        }
    }

    /// An empty graph.
    pub fn new() -> Result<Arc<Graph>> {
        let graph = Arc::new(Graph::make(None, false));
        graph.handle()?;
        Ok(graph)
    }

    /// Its handle.
    pub fn handle(self: &Arc<Graph>) -> Result<u64> {
        if let Some(handle) = self.handle.get() {
            return Ok(*handle);
        }
        let handle = GRAPHS.insert(Arc::clone(self))?;
        Ok(*self.handle.get_or_init(|| handle))
    }

    /// A copy, with copies of child graphs. `embedded`: it will belong to a node.
    pub fn duplicate(self: &Arc<Graph>, embedded: bool) -> Result<Arc<Graph>> {
        let copy = Arc::new(Graph::make(Some(self.id), embedded));
        let nodes = lock(&self.nodes).clone();
        let mut copies = Vec::with_capacity(nodes.len());
        for (index, node) in (0u32..).zip(nodes) {
            let Some(mut node) = node else {
                copies.push(None);
                continue;
            };
            match &node.kind {
                Kind::Child(child) => node.kind = Kind::Child(child.duplicate(true)?),
                Kind::Take(_) => copy.takes_memory.store(true, Ordering::Release),
                _ => {}
            }
            node.handle = NODES.insert(Arc::new(NodeName { graph: Arc::downgrade(&copy), index }))?;
            copies.push(Some(node));
        }
        *lock(&copy.nodes) = copies;
        if !embedded {
            copy.handle()?;
        }
        for (object, count) in lock(&self.objects).iter() {
            object.retain(*count);
            lock(&copy.objects).push((Arc::clone(object), *count));
        }
        Ok(copy)
    }

    /// Takes its handle and those of its nodes away. What was made of it stays.
    pub fn forget(&self) {
        for node in lock(&self.nodes).iter().flatten() {
            // Nobody else removes a node's handle while the node is there.
            let _ = NODES.remove(node.handle);
            if let Kind::Child(child) = &node.kind {
                child.forget();
            }
        }
        if let Some(handle) = self.handle.get() {
            let _ = GRAPHS.remove(*handle);
        }
    }

    /// Adds a node that depends on others.
    pub fn add(self: &Arc<Graph>, kind: Kind, needs: &[u32]) -> Result<u32> {
        if matches!(kind, Kind::Take(_)) {
            self.takes_memory.store(true, Ordering::Release);
        }
        let mut nodes = lock(&self.nodes);
        let mut once = HashSet::new();
        if let Some(bad) = needs.iter().find(|n| nodes.get(**n as usize).is_none_or(Option::is_none) || !once.insert(**n)) {
            return Err(Error::invalid(format!("node {bad} is not in the graph, or is named twice as a dependency")));
        }
        let index = u32::try_from(nodes.len()).map_err(|_| Error::new(Code::OUT_OF_MEMORY, "too many nodes"))?;
        let handle = NODES.insert(Arc::new(NodeName { graph: Arc::downgrade(self), index }))?;
        nodes.push(Some(Node { kind, needs: needs.to_vec(), handle }));
        Ok(index)
    }

    /// Takes a node and all its edges away.
    pub fn remove(&self, index: u32) -> Result<()> {
        let mut nodes = lock(&self.nodes);
        let node = nodes.get_mut(index as usize).and_then(Option::take).ok_or(Error::invalid("the node is not in the graph"))?;
        nodes.iter_mut().flatten().for_each(|other| other.needs.retain(|n| *n != index));
        let _ = NODES.remove(node.handle);
        if let Kind::Child(child) = &node.kind {
            child.forget();
        }
        Ok(())
    }

    /// Calls `f` with a node.
    pub fn with<R>(&self, index: u32, f: impl FnOnce(&mut Node) -> Result<R>) -> Result<R> {
        match lock(&self.nodes).get_mut(index as usize) {
            Some(Some(node)) => f(node),
            _ => Err(Error::invalid("the node is not in the graph")),
        }
    }

    /// Makes the addresses of the memory known that its nodes take.
    pub fn prepare_memory(&self) {
        if !self.takes_memory.load(Ordering::Acquire) {
            return;
        }
        for node in lock(&self.nodes).iter().flatten() {
            if let Kind::Take(memory) = &node.kind {
                memory.prepare();
            }
        }
    }

    /// A copy of what a node does.
    pub fn kind(&self, index: u32) -> Result<Kind> {
        self.with(index, |node| Ok(node.kind.clone()))
    }

    /// Indices and copies of all nodes, in the order in which they were added.
    pub fn nodes(&self) -> Vec<(u32, Node)> {
        (0u32..).zip(lock(&self.nodes).iter()).filter_map(|(i, n)| Some((i, n.clone()?))).collect()
    }

    /// Handles of nodes.
    pub fn handles(&self, indices: &[u32]) -> Vec<u64> {
        let nodes = lock(&self.nodes);
        indices.iter().filter_map(|i| Some(nodes.get(*i as usize)?.as_ref()?.handle)).collect()
    }

    /// Adds edges, each from the first node to the second one, which then depends on the first.
    pub fn add_edges(&self, edges: &[(u32, u32)]) -> Result<()> {
        let mut nodes = lock(&self.nodes);
        let there = |nodes: &[Option<Node>], i: u32| nodes.get(i as usize).is_some_and(Option::is_some);
        for (n, (from, to)) in edges.iter().enumerate() {
            let known = edges[..n].contains(&(*from, *to))
                || nodes.get(*to as usize).and_then(Option::as_ref).is_some_and(|x| x.needs.contains(from));
            if !there(&nodes, *from) || !there(&nodes, *to) || from == to || known {
                return Err(Error::invalid("an edge is there already, leads from a node to itself, or to a node of another graph"));
            }
        }
        for (from, to) in edges {
            if let Some(Some(node)) = nodes.get_mut(*to as usize) {
                node.needs.push(*from);
            }
        }
        Ok(())
    }

    /// Removes edges.
    pub fn remove_edges(&self, edges: &[(u32, u32)]) -> Result<()> {
        let mut nodes = lock(&self.nodes);
        if edges.iter().any(|(from, to)| !matches!(nodes.get(*to as usize), Some(Some(node)) if node.needs.contains(from))) {
            return Err(Error::invalid("there is no such edge"));
        }
        for (from, to) in edges {
            if let Some(Some(node)) = nodes.get_mut(*to as usize) {
                node.needs.retain(|n| n != from);
            }
        }
        Ok(())
    }

    /// All edges, by the node that depends.
    pub fn edges(&self) -> Vec<(u32, u32)> {
        self.nodes().iter().flat_map(|(to, node)| node.needs.iter().map(|from| (*from, *to))).collect()
    }

    /// Whether `node` is one of `last`, or one of those depends on it.
    pub fn is_behind(&self, last: &[u32], node: u32) -> bool {
        let nodes = lock(&self.nodes);
        let (mut open, mut seen) = (last.to_vec(), HashSet::new());
        while let Some(next) = open.pop() {
            if next == node {
                return true;
            }
            if seen.insert(next) {
                open.extend(nodes.get(next as usize).and_then(Option::as_ref).iter().flat_map(|n| n.needs.iter()));
            }
        }
        false
    }

    /// Keeps `count` references to an object; `moved`: they were the program's.
    pub fn retain_object(&self, object: &Arc<UserObject>, count: u32, moved: bool) {
        if !moved {
            object.retain(count);
        }
        let mut objects = lock(&self.objects);
        match objects.iter_mut().find(|(other, _)| Arc::ptr_eq(other, object)) {
            Some((_, n)) => *n += count,
            None => objects.push((Arc::clone(object), count)),
        }
    }

    /// Gives `count` references to an object back.
    pub fn release_object(&self, object: &Arc<UserObject>, count: u32) -> Result<()> {
        let mut objects = lock(&self.objects);
        let Some(place) = objects.iter().position(|(other, n)| Arc::ptr_eq(other, object) && *n >= count) else {
            return Err(Error::invalid("the graph does not hold so many references to the object"));
        };
        objects[place].1 -= count;
        if objects[place].1 == 0 {
            objects.remove(place);
        }
        drop(objects);
        object.release(count)
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        for node in lock(&self.nodes).iter().flatten() {
            // It is gone already if the graph was forgotten.
            let _ = NODES.remove(node.handle);
        }
        for (object, count) in lock(&self.objects).drain(..) {
            // The graph's references are its own, so there are as many.
            let _ = object.release(count);
        }
    }
}
