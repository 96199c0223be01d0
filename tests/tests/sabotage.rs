//! Each safeguard that can be switched off is missed by a kept plan, which passes with all of them on.
#![cfg(any(feature = "sabotage", debug_assertions))]

use kith_tests::simulation::{Plan, perform, sabotage};
use std::{fs, path::Path, thread};

fn misses(name: &str) -> Result<(), String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/sabotage").join(format!("{name}.json"));
    let text = fs::read_to_string(&file).map_err(|_| format!("no plan for {name}"))?;
    let plan = Plan::from_text(&text).map_err(|error| format!("{name}: {error}"))?;
    let whole = perform(&plan);
    if !whole.holds() {
        return Err(format!("{name}: fails with all safeguards on: {:?}", whole.wrongs().next()));
    }
    sabotage::switch_off(Some(name)).map_err(|error| error.to_string())?;
    let holds = perform(&plan).holds();
    sabotage::switch_off(None).map_err(|error| error.to_string())?;
    if holds { Err(format!("{name}: nobody misses it")) } else { Ok(()) }
}

#[test]
fn each_safeguard_is_missed_when_it_is_off() {
    let names: Vec<&str> = sabotage::names().collect();
    let (even, odd): (Vec<_>, Vec<_>) = names.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    let wrong: Vec<String> = thread::scope(|scope| {
        let halves = [even, odd].map(|half| {
            scope.spawn(move || {
                half.into_iter().filter_map(|(_, name)| misses(name).err()).collect::<Vec<_>>()
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}
