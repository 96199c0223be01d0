// Is the browser new enough? Written so that any browser can read it; start.js waits for the answer.
// The floor is Chrome 109, Firefox 115, Safari 16.4; each thing named here is used, or came with the floor.
(function () {
  function has() {
    return 'WebAssembly' in window && 'indexedDB' in window && 'BroadcastChannel' in window &&
      'CompressionStream' in window && 'HTMLDialogElement' in window && 'inert' in HTMLElement.prototype &&
      'findLast' in Array.prototype && 'timeout' in AbortSignal && window.CSS && CSS.supports('height', '1dvh');
  }
  function page(name) {
    document.documentElement.setAttribute('data-page', name);
  }
  window.kithMayStart = false;
  try {
    if (!has()) page('old');
    // Locks and sealing exist only where the page was loaded safely.
    else if (!window.isSecureContext) page('unsafe');
    else if (!navigator.locks || !window.crypto || !crypto.subtle) page('old');
    else window.kithMayStart = true;
  } catch (error) {
    page('old');
  }
})();
