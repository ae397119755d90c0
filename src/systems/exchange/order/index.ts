export { gatewayOwner } from './audit-head.js';
export { claimReasons } from './claim-reasons.js';
export { type OpenedOrder, type OrderGround, openOrder } from './open-order.js';
export type { Order, OrderClaims, OrderPeer, ReceiptClaims, TransferredRows } from './order-claims.js';
export type { OrderSigner } from './order-signer.js';
export { type OpenedReceipt, openReceipt, signReceipt } from './receipt.js';
export { orderRefused } from './refused.js';
export { signOrder } from './sign-order.js';
export { clockTolerance, longestOrder } from './time-reasons.js';
