// Says who it is, and serves until it is told to end.
console.log(`I am ${process.pid}`);
console.log('ready');
const waiting = setInterval(() => {}, 2 ** 30);
process.once('SIGTERM', () => clearInterval(waiting));
