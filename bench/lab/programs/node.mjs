/** The start of Node, which every other program pays too. */
console.log('mapped');
