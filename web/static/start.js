// Loads the app, then lets the service worker keep it for the next visit.
import init from '/{{app.js}}';

// A trap (no memory, a fault that could not be told) leaves the app half alive: the page says so. A panic of the
// app's own does the same from inside.
addEventListener('error', (event) => trapped(event.error));
addEventListener('unhandledrejection', (event) => trapped(event.reason));

if (window.kithMayStart) {
  init({ module_or_path: '/{{app.wasm}}' }).then(keep, failed);
}

function keep() {
  // Without it the app works, but only with reception.
  navigator.serviceWorker?.register('/sw.js').catch((error) => console.warn('kith: not kept for offline', error));
}

function trapped(error) {
  if (error instanceof WebAssembly.RuntimeError) failed(error);
}

function failed(error) {
  console.error('kith: stopped', error);
  document.documentElement.setAttribute('data-page', 'failed');
}
