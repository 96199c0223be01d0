// Loads the app, then lets the service worker keep it for the next visit.
import init from '/{{app.js}}';

if (window.kithMayStart) {
  init({ module_or_path: '/{{app.wasm}}' }).then(keep, (error) => {
    console.error('kith: not started', error);
    document.documentElement.setAttribute('data-page', 'failed');
  });
}

function keep() {
  // Without it the app works, but only with reception.
  navigator.serviceWorker?.register('/sw.js').catch((error) => console.warn('kith: not kept for offline', error));
}
