//! SQLite commits what came in meanwhile as one group; a request that cannot be done costs its neighbours nothing.

use kith_protocol::{Stream, message::Frame};
use kith_server::store::Work;

use super::{
    closed::{forget, large_and_closed},
    store::world,
    support::{
        Person,
        stores::{InSqlite, fresh},
        world::HOST,
    },
};

#[tokio::test]
async fn founding_a_circle_anew_while_it_goes_fails_alone() {
    let place = fresh::<InSqlite>();
    let world = world(&place).await;
    let (_, going) = Person::founder(1);
    large_and_closed(&world, 1).await;
    assert!(forget(&world).await, "a part of it is left");
    let mut ben = world.founder(2).await;
    let (_, other) = Person::founder(3);

    let found = |submitted| Work::Found { submitted, challenge_key: [7; 32] };
    let (circle, device, host) = (ben.circle, ben.device, HOST.to_owned());
    let envelopes = vec![ben.seal(Stream::Care, "in the same group")];
    let work = [found(other), found(going.clone()), Work::Envelopes { circle, device, host, envelopes }];
    // All are sent before the writer runs: the test has one thread.
    let done = futures::future::join_all(work.map(|work| world.store.perform(work, world.now()))).await;
    let [founded, refused, taken] = &done[..] else { panic!("{done:?}") };
    assert!(refused.is_err(), "not now: {refused:?}");
    for done in [founded, taken] {
        let done = done.as_ref().unwrap();
        assert!(done.changed && done.refusal().is_none(), "{done:?}");
    }
    assert_eq!(world.sync(&mut ben, Vec::new()).await, []);
    assert_eq!(ben.cursor(Stream::Care).k, 1);
    let written = ben.seal(Stream::Care, "and then");
    assert_eq!(world.sync(&mut ben, vec![Frame::Submit(vec![written])]).await, []);

    while forget(&world).await {}
    world.post_found(&going).await.unwrap();
}
