// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Faults: each stops its queue, says where, and harms nobody else.

use ix_hw::fault::{access, kind, unit};
use ix_hw::packet::{self, Opcode};
use ix_uapi::abi::*;
use ix_uapi::WaitOutcome;

use crate::check::{equal, holds, Context, Outcome};
use crate::client::{in_ms, Client, SOON_MS};
use crate::Case;

pub const CASES: &[Case] = &[
    ("fault_of_an_unknown_opcode", bad_packet),
    ("fault_of_a_copy_from_unmapped_memory", copy_unmapped),
    ("fault_of_a_kernel_that_stores_to_unmapped_memory", kernel_unmapped),
    ("fault_of_an_absurd_grid", bad_descriptor),
    ("fault_of_an_illegal_instruction", illegal_instruction),
    ("fault_of_a_kernel_that_runs_too_long", timeout),
    ("fault_does_not_touch_other_queues_and_clients", others_go_on),
    ("fault_in_great_number_is_survived", many),
];

fn bad_packet() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    stream.push(&packet::Plain { header: packet::header(Opcode::Nop, 0), ..packet::Plain::ZERO })?;
    stream.push(&packet::Plain { header: 0x77, ..packet::Plain::ZERO })?;
    let fault = stream.finish_stopped()?;
    equal!((fault.kind, fault.unit), (kind::BAD_PACKET, unit::COMMAND), "kind and unit");
    equal!((fault.queue, fault.packet), (stream.queue.id, 1), "queue and packet");
    equal!(fault.detail, 0x77, "detail");
    equal!(stream.state()?.completed, 1, "packets completed");
    Ok(())
}

fn copy_unmapped() -> Outcome {
    let client = Client::new()?;
    let before = client.device.query_sensors().or_fail("query")?.fault_count;
    let mut stream = client.stream(0)?;
    let target = client.vram(4096)?;
    let nowhere = client.addresses(4096);
    stream.copy(target.va, nowhere, 64)?;
    let fault = stream.finish_stopped()?;
    equal!((fault.kind, fault.unit, fault.access), (kind::PAGE, unit::COPY, access::READ), "kind, unit and access");
    equal!((fault.va, fault.packet), (nowhere, 0), "address and packet");
    holds!(fault.time_ns > 0, "no time");
    let after = client.device.query_sensors().or_fail("query")?.fault_count;
    // Other processes may have faults as well.
    holds!(after > before, "the fault was not counted: {before} then {after}");
    Ok(())
}

fn kernel_unmapped() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let nowhere = client.addresses(4096);
    let room = client.vram(4096)?;
    let code = client.code(&format!("mov.b64 s0, {nowhere:#x}\n st.b32.global [s0], s0\n exit"))?;
    stream.launch(&code, &room, [1; 3])?;
    let fault = stream.finish_stopped()?;
    equal!((fault.kind, fault.unit, fault.access), (kind::PAGE, unit::SM, access::WRITE), "kind, unit and access");
    equal!((fault.va, fault.size), (nowhere, 4), "address and size");
    equal!((fault.pc, fault.tag), (code.buffer.va + 16, 0x7a6), "pc and tag");
    equal!((fault.block, fault.thread), ([0; 3], [0; 3]), "block and thread");
    Ok(())
}

fn bad_descriptor() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let room = client.vram(4096)?;
    let code = client.code("exit")?;
    stream.launch(&code, &room, [1, u32::MAX, 1])?;
    equal!(stream.finish_stopped()?.kind, kind::BAD_DESCRIPTOR, "kind");
    Ok(())
}

fn illegal_instruction() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(0)?;
    let room = client.vram(4096)?;
    let code = client.code("nop\n nop\n exit")?;
    code.buffer.map.write(16, &[0xff; 16]);
    stream.launch(&code, &room, [1; 3])?;
    let fault = stream.finish_stopped()?;
    equal!((fault.kind, fault.pc), (kind::ILLEGAL_INSTRUCTION, code.buffer.va + 16), "kind and pc");
    Ok(())
}

fn timeout() -> Outcome {
    let client = Client::new()?;
    let mut stream = client.stream(200)?;
    let _kept = stream.launch_endless()?;
    equal!(stream.finish_stopped()?.kind, kind::TIMEOUT, "kind");
    Ok(())
}

fn others_go_on() -> Outcome {
    let (one, two) = (Client::new()?, Client::new()?);
    let mut bystander = two.stream(0)?;
    let mut neighbour = one.stream(0)?;
    bystander.finish()?;
    for round in 0..5 {
        let mut culprit = one.stream(0)?;
        culprit.push(&packet::Plain { header: 0xff, ..packet::Plain::ZERO })?;
        // Started before the fault, finished after it.
        bystander.signal()?;
        equal!(culprit.finish_stopped()?.kind, kind::BAD_PACKET, "round {round}");
        equal!(bystander.wait()?, WaitOutcome::Satisfied(0), "round {round}: other client");
        bystander.finish()?;
        neighbour.finish()?;
        one.device.queue_destroy(culprit.queue.id).or_fail("QUEUE_DESTROY")?;
    }
    equal!(bystander.state()?.state, DRM_IX_QUEUE_RUNNING, "state of the other client");
    Ok(())
}

fn many() -> Outcome {
    let client = Client::new()?;
    let mut streams = Vec::new();
    for _ in 0..40 {
        let mut stream = client.stream(0)?;
        stream.push(&packet::Plain { header: 0xff, ..packet::Plain::ZERO })?;
        stream.signal()?;
        streams.push(stream);
    }
    for (i, stream) in streams.iter().enumerate() {
        let outcome = client.device.wait(&[stream.entry()], true, in_ms(SOON_MS)).or_fail("WAIT")?;
        equal!(outcome, WaitOutcome::Stopped(0), "queue {i}");
        equal!(stream.state()?.fault.kind, kind::BAD_PACKET, "queue {i}");
        equal!(stream.state()?.fault.queue, stream.queue.id, "queue {i}: id in the record");
    }
    Ok(())
}
