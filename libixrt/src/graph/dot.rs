// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A graph as a picture: text for the program `dot`.

use super::node::{Kind, MemOp};
use super::Graph;
use std::fmt::Write;
use std::sync::Arc;

/// The text of a graph; `verbose`: with what the nodes do.
pub fn dot(graph: &Arc<Graph>, verbose: bool) -> String {
    let mut text = String::from("digraph ixgraph {\n");
    body(graph, verbose, &mut text);
    text.push_str("}\n");
    text
}

fn body(graph: &Arc<Graph>, verbose: bool, text: &mut String) {
    let name = |index: u32| format!("graph_{}_node_{index}", graph.id);
    let _ = writeln!(text, "subgraph cluster_{} {{\nlabel=\"graph {}\";", graph.id, graph.id);
    for (index, node) in graph.nodes() {
        let more = if verbose { details(&node.kind) } else { String::new() };
        let label = match &node.kind {
            Kind::Kernel(kernel) => format!("{index}: {}{more}", kernel.function.kernel.name),
            other => format!("{index}: {}{more}", other.name()),
        };
        let _ = writeln!(text, "\"{}\" [shape=box label=\"{}\"];", name(index), label.replace('"', "'"));
        if let Kind::Child(child) = &node.kind {
            body(child, verbose, text);
        }
    }
    for (from, to) in graph.edges() {
        let _ = writeln!(text, "\"{}\" -> \"{}\";", name(from), name(to));
    }
    text.push_str("}\n");
}

fn details(kind: &Kind) -> String {
    match kind {
        Kind::Kernel(kernel) => {
            let shape = &kernel.shape;
            format!("\\ngrid {:?} block {:?} shared {}", shape.grid, shape.block, shape.dynamic_shared)
        }
        Kind::Copy(copy) => format!("\\n{:#x} -> {:#x}, {:?} bytes, rows, slices", copy.from.start, copy.to.start, copy.size),
        Kind::Fill(fill) => format!("\\n{:#x} = {:#x}, {} x {} of {} bytes", fill.to, fill.value, fill.width, fill.height, fill.element),
        Kind::Host(host) => format!("\\nfunction {:p} data {:#x}", host.function, host.data),
        Kind::Take(memory) => format!("\\n{} bytes at {:#x}", memory.bytes, memory.address()),
        Kind::Give(address) => format!("\\n{address:#x}"),
        Kind::MemOps(ops) => ops.ops().iter().fold(String::new(), |mut text, op| {
            let _ = match op {
                MemOp::Wait { address, compare, value } => write!(text, "\\nwait {address:#x} compare {compare} {value:#x}"),
                MemOp::Write { address, value, size } => write!(text, "\\nwrite {address:#x} = {value:#x}, {size} bytes"),
                MemOp::Barrier => write!(text, "\\nbarrier"),
            };
            text
        }),
        _ => String::new(),
    }
}
