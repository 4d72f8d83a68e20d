// SPDX-License-Identifier: Apache-2.0 OR MIT
//! PTX to IX machine code. Knows the hardware contract only.
