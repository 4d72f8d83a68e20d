// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Temperature, power, clocks and energy: a model driven by activity.
//!
//! The chip has no physics, but monitoring software has expectations. Power follows the share of
//! time that the units were busy; temperature follows power with the inertia of a heat sink;
//! energy is power over time; clocks drop when nothing runs. The model advances when it is read.

use super::profile::Profile;
use std::sync::{Mutex, PoisonError};

/// Temperature of the air around the board, millidegrees Celsius.
const AMBIENT_MC: f64 = 30_000.0;
/// Time constant of the activity average, seconds.
const ACTIVITY_S: f64 = 0.5;
/// Time constant of the heat sink, seconds.
const THERMAL_S: f64 = 12.0;
/// Share of the highest clock at which an idle chip runs.
const IDLE_CLOCK: f64 = 0.25;
/// Copying alone takes this share of the power of computing.
const COPY_WEIGHT: f64 = 0.35;

/// What the sensors show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Millidegrees Celsius.
    pub temp_mc: u32,
    /// mW.
    pub power_mw: u32,
    /// kHz.
    pub core_clock_khz: u32,
    /// kHz.
    pub mem_clock_khz: u32,
    /// mJ since power-on.
    pub energy_mj: u64,
}

#[derive(Debug)]
struct State {
    at: u64,
    busy_compute: u64,
    busy_copy: u64,
    activity: f64,
    temp_mc: f64,
    energy_mj: f64,
}

/// The sensors of a board.
#[derive(Debug)]
pub struct Sensors {
    idle_mw: f64,
    limit_mw: f64,
    core_clock_khz: f64,
    mem_clock_khz: u32,
    /// Temperature that the highest power leads to.
    hot_mc: f64,
    state: Mutex<State>,
}

impl Sensors {
    /// Those of a board that has been idle for long.
    pub fn new(profile: &Profile) -> Sensors {
        let idle_mw = f64::from(profile.power_idle_mw);
        let limit_mw = f64::from(profile.power_limit_mw);
        let hot_mc = f64::from(profile.temp_limit_mc) - 15_000.0;
        let mut sensors = Sensors {
            idle_mw,
            limit_mw,
            core_clock_khz: profile.core_clock_khz.into(),
            mem_clock_khz: profile.mem_clock_khz,
            hot_mc,
            state: Mutex::new(State { at: 0, busy_compute: 0, busy_copy: 0, activity: 0.0, temp_mc: 0.0, energy_mj: 0.0 }),
        };
        let temp_mc = sensors.settled_mc(idle_mw);
        sensors.state.get_mut().unwrap_or_else(PoisonError::into_inner).temp_mc = temp_mc;
        sensors
    }

    fn settled_mc(&self, power_mw: f64) -> f64 {
        AMBIENT_MC + (self.hot_mc - AMBIENT_MC) * power_mw / self.limit_mw.max(1.0)
    }

    /// The reading at `now`, with the busy times of the compute and copy units up to now, all ns.
    pub fn read(&self, now: u64, busy_compute: u64, busy_copy: u64) -> Reading {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = now.saturating_sub(state.at) as f64;
        if elapsed > 0.0 {
            let share = |new: u64, old: u64| (new.saturating_sub(old) as f64 / elapsed).min(1.0);
            let compute = share(busy_compute, state.busy_compute);
            let copy = share(busy_copy, state.busy_copy);
            let activity = compute.max(copy * COPY_WEIGHT);
            let seconds = elapsed / 1e9;
            let follow = |from: f64, to: f64, constant: f64| to + (from - to) * (-seconds / constant).exp();
            state.activity = follow(state.activity, activity, ACTIVITY_S);
            let power = self.power_mw(state.activity);
            state.temp_mc = follow(state.temp_mc, self.settled_mc(power), THERMAL_S);
            state.energy_mj += power * seconds;
            (state.at, state.busy_compute, state.busy_copy) = (now, busy_compute, busy_copy);
        }
        let clock = IDLE_CLOCK + (1.0 - IDLE_CLOCK) * (state.activity * 4.0).min(1.0);
        Reading {
            temp_mc: state.temp_mc as u32,
            power_mw: self.power_mw(state.activity) as u32,
            core_clock_khz: (self.core_clock_khz * clock) as u32,
            mem_clock_khz: self.mem_clock_khz,
            energy_mj: state.energy_mj as u64,
        }
    }

    fn power_mw(&self, activity: f64) -> f64 {
        self.idle_mw + (self.limit_mw - self.idle_mw) * 0.95 * activity
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    #[test]
    fn load_raises_power_clock_and_temperature_and_rest_lowers_them() {
        let profile = Profile::standard();
        let sensors = Sensors::new(&profile);
        let idle = sensors.read(S, 0, 0);
        assert_eq!(idle.power_mw, profile.power_idle_mw);
        assert_eq!(idle.core_clock_khz, profile.core_clock_khz / 4);
        let mut busy = idle;
        for t in 2..62 {
            busy = sensors.read(t * S, (t - 1) * S, 0);
        }
        assert!(busy.power_mw > profile.power_limit_mw * 9 / 10 && busy.power_mw <= profile.power_limit_mw);
        assert_eq!(busy.core_clock_khz, profile.core_clock_khz);
        assert!(busy.temp_mc > idle.temp_mc + 20_000 && busy.temp_mc < profile.temp_limit_mc);
        let rest = sensors.read(600 * S, 60 * S, 0);
        assert!(rest.temp_mc < idle.temp_mc + 1000 && rest.power_mw < idle.power_mw + 100);
        assert!(rest.energy_mj > busy.energy_mj);
    }

    #[test]
    fn idle_energy_is_power_times_time() {
        let profile = Profile::standard();
        let sensors = Sensors::new(&profile);
        assert_eq!(sensors.read(10 * S, 0, 0).energy_mj, u64::from(profile.power_idle_mw) * 10);
    }
}
