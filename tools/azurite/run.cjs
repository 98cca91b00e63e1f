// Runs the blob service of the pinned Azurite and ends it when whoever started it is gone (standard input closes).
'use strict';
process.stdin.resume();
process.stdin.unref();
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
require('azurite/dist/src/blob/main.js');
