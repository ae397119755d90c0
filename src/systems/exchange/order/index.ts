export type { Order, OrderClaims, ReceiptClaims } from './order-claims.js';
